import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobRun } from "@paperclip-k8s/job-manifest";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sweepRunFiles } from "../../src/run-files/sweep-run-files.ts";

const NOW = Date.parse("2026-01-10T00:00:00Z");
const OLD = NOW - 25 * 3_600_000;
const directory = "instances/default/run-logs/company/agent";
let volume: string;
beforeEach(async () => {
  volume = await mkdtemp(join(tmpdir(), "sweep-run-files-"));
  await mkdir(join(volume, directory), { recursive: true });
});
afterEach(() => rm(volume, { recursive: true, force: true }));

async function write(name: string, touchedAt: number, folder = directory, text = ""): Promise<void> {
  const path = join(volume, folder, name);
  await writeFile(path, text);
  await utimes(path, touchedAt / 1000, touchedAt / 1000);
}
const sweep = (known: readonly JobRun[] = []) =>
  sweepRunFiles({ volume, instance: "default", known, now: NOW });
const left = async () => (await readdir(join(volume, directory))).sort();
const knownRun = (runId: string, attempt = 1) =>
  ({ runDirectory: directory, identity: { runId, attempt } }) as JobRun;

test("files of a run without a Job that nobody has touched for a day are removed, all of its attempts'", async () => {
  for (const name of ["a.pod.ndjson", "a.pod.stderr", "a.pod.exit.json", "a.pod.started", "a.2.pod.ndjson"])
    await write(name, OLD);
  expect(await sweep()).toBe(5);
  expect(await left()).toEqual([]);
});

test("files of a run that has ended go after an hour, by its whole record", async () => {
  const record = {
    ...{ version: 1, podUid: "p", status: 0, signal: null, failure: null, end: true },
    ...{ stdoutBytes: 0, stderrBytes: 0, startedAt: 1, endedAt: 2 },
  };
  const minutesAgo = (minutes: number) => NOW - minutes * 60_000;
  const ended = async (runId: string, touchedAt: number, text = JSON.stringify(record)) => {
    await write(`${runId}.pod.ndjson`, touchedAt);
    await write(`${runId}.pod.exit.json`, touchedAt, directory, text);
  };
  await ended("done", minutesAgo(61));
  await ended("just-done", minutesAgo(59));
  await ended("half-a-record", minutesAgo(61), JSON.stringify(record).slice(0, 40));
  expect(await sweep()).toBe(2);
  expect((await left()).filter((name) => name.endsWith(".ndjson"))).toEqual([
    "half-a-record.pod.ndjson",
    "just-done.pod.ndjson",
  ]);
});

test("one file that was touched keeps the others of its attempt", async () => {
  await write("a.pod.ndjson", OLD);
  await write("a.pod.stderr", NOW - 1000);
  await write("a.2.pod.ndjson", OLD);
  expect(await sweep()).toBe(1);
  expect(await left()).toEqual(["a.pod.ndjson", "a.pod.stderr"]);
});

test("files of a run whose Job is there stay, however old: the Job may be retained, or silent", async () => {
  await write("a.pod.ndjson", OLD);
  await write("a.2.pod.ndjson", OLD);
  await write("b.pod.ndjson", OLD);
  await sweep([knownRun("a"), knownRun("b", 2)]);
  expect(await left()).toEqual(["a.pod.ndjson"]);
});

test("what is no run file stays, and so do other instances", async () => {
  const other = "instances/other/run-logs/company/agent";
  await mkdir(join(volume, other), { recursive: true });
  await write("notes.txt", OLD);
  await write("a.podcast.mp3", OLD);
  await write("a.pod.ndjson", OLD, other);
  expect(await sweep()).toBe(0);
  expect(await left()).toEqual(["a.podcast.mp3", "notes.txt"]);
  expect(await readdir(join(volume, other))).toEqual(["a.pod.ndjson"]);
});

test("a link that an agent has put there is not followed (K9)", async () => {
  const outside = join(volume, "outside");
  await mkdir(join(outside, "agent"), { recursive: true });
  await write("a.pod.ndjson", OLD, "outside/agent");
  await symlink(outside, join(volume, "instances/default/run-logs/linked-company"));
  await symlink(join(outside, "agent"), join(volume, "instances/default/run-logs/company/linked-agent"));
  expect(await sweep()).toBe(0);
  expect(await readdir(join(outside, "agent"))).toEqual(["a.pod.ndjson"]);
});

test("a volume without run directories is no error", async () => {
  await rm(join(volume, "instances"), { recursive: true });
  expect(await sweep()).toBe(0);
});
