import { spawnSync } from "node:child_process";
import { appendFile, mkdtemp, open, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyExitRecord } from "@paperclip-k8s/job-manifest";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createRecordObserver, type SeenFiles } from "../../src/run-files/record-observer.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { until } from "../support/until.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "record-observer-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const record = JSON.stringify({
  ...{ version: 1, podUid: "pod-1", status: 0, signal: null, failure: null },
  ...{ stdoutBytes: 1, stderrBytes: 2, startedAt: 3, endedAt: 4, end: true },
});

const pathsOf = (name: string) => ({
  exit: join(folder, `${name}.exit.json`),
  started: join(folder, `${name}.started`),
});

/** An observer whose rounds the test counts: the next one begins when the clock is moved. */
function observed() {
  const clock = fakeClock();
  const observer = createRecordObserver({ clock });
  const round = async () => {
    await until("the end of a round", () => clock.pending === 1);
    await clock.advance(200);
    await until("the end of a round", () => clock.pending === 1);
  };
  const watch = (name: string, signal = new AbortController().signal) => {
    const seen: SeenFiles[] = [];
    observer.observe(pathsOf(name), (files) => void seen.push(files), signal);
    return seen;
  };
  return { clock, observer, round, watch };
}

/** Writes over the beginning of a padded record, as the pod's script does. */
async function overwrite(path: string, text: string): Promise<void> {
  await using file = await open(path, "r+");
  await file.write(text, 0);
}

it("tells of the mark, then of the record that is written in place, and of each once", async () => {
  const { round, watch } = observed();
  const { exit, started } = pathsOf("r1");
  await writeFile(exit, emptyExitRecord());
  const seen = watch("r1");
  await round();
  expect(seen).toEqual([]);
  await writeFile(started, "pod-1");
  await round();
  expect(seen).toEqual([{ started: true, record: null }]);
  await overwrite(exit, record);
  await round();
  await round();
  expect(seen).toHaveLength(2);
  expect(seen[1]).toMatchObject({ started: true, record: { podUid: "pod-1", status: 0, stdoutBytes: 1 } });
});

it("half a record is none, at whatever byte it is cut", async () => {
  const { round, watch } = observed();
  const { exit } = pathsOf("r1");
  const seen = watch("r1");
  for (let length = 0; length < record.length; length += 13) {
    await writeFile(exit, emptyExitRecord());
    await overwrite(exit, record.slice(0, length));
    await round();
    expect(seen).toEqual([]);
  }
  await overwrite(exit, record);
  await round();
  expect(seen).toHaveLength(1);
});

it("files that are not there, or cannot be read, are looked at again", async () => {
  const { round, watch } = observed();
  const seen = watch("r1");
  await round();
  expect(seen).toEqual([]);
  await writeFile(pathsOf("r1").exit, record);
  await round();
  expect(seen).toMatchObject([{ started: false, record: { podUid: "pod-1" } }]);
});

it("K5: a link, a FIFO and a file without end in the record's place are no record, and hold nobody up", async () => {
  const { round, watch } = observed();
  const elsewhere = join(folder, "elsewhere");
  await writeFile(elsewhere, record);
  await symlink(elsewhere, pathsOf("link").exit);
  expect(spawnSync("mkfifo", [pathsOf("fifo").exit]).status).toBe(0);
  await writeFile(pathsOf("huge").exit, record);
  await appendFile(pathsOf("huge").exit, " ".repeat(8 * 1024 * 1024));
  await writeFile(pathsOf("good").exit, record);
  const strange = ["link", "fifo"].map((name) => watch(name));
  const good = watch("good");
  watch("huge");
  await round();
  await round();
  expect(strange).toEqual([[], []]);
  expect(good).toHaveLength(1);
});

it("stops looking at a run when it is told to, and altogether when none is left", async () => {
  const { clock, round, watch } = observed();
  const stop = new AbortController();
  const seen = watch("r1", stop.signal);
  await round();
  stop.abort();
  await writeFile(pathsOf("r1").exit, record);
  await clock.advance(200);
  await until("the last round", () => clock.pending === 0);
  expect(seen).toEqual([]);
});

it("begins again with the next run", async () => {
  const { clock, round, watch } = observed();
  const stop = new AbortController();
  watch("r1", stop.signal);
  await round();
  stop.abort();
  await clock.advance(200);
  await until("the last round", () => clock.pending === 0);
  await writeFile(pathsOf("r2").exit, record);
  const seen = watch("r2");
  await until("the record", () => seen.length === 1);
});

it("a run that is over already is not looked at", async () => {
  const { clock, watch } = observed();
  await writeFile(pathsOf("r1").exit, record);
  expect(watch("r1", AbortSignal.abort())).toEqual([]);
  expect(clock.pending).toBe(0);
});

it("many runs share one loop", async () => {
  const { clock, round, watch } = observed();
  const all = Array.from({ length: 100 }, (_one, index) => {
    const seen = watch(`r${index}`);
    return { seen, path: pathsOf(`r${index}`).exit };
  });
  await Promise.all(all.map(({ path }) => writeFile(path, record)));
  await round();
  await round();
  expect(all.every(({ seen }) => seen.length === 1)).toBe(true);
  expect(clock.pending).toBe(1);
});

it("however many runs there are, two of them at most are looked at at a time", async () => {
  let inFlight = 0;
  let most = 0;
  let looks = 0;
  const look = async <T>(found: T) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await new Promise(setImmediate);
    inFlight -= 1;
    looks += 1;
    return found;
  };
  const files = { exists: () => look(false), readRecord: () => look(null) };
  const clock = fakeClock();
  const observer = createRecordObserver({ clock, files });
  const { signal } = new AbortController();
  for (let index = 0; index < 50; index++) observer.observe(pathsOf(`r${index}`), () => {}, signal);
  await until("the first round", () => clock.pending === 1);
  await clock.advance(200);
  await until("the second round", () => looks >= 100 && clock.pending === 1);
  expect(most).toBe(2);
});

it("a listener that throws does not end the loop of the others", async () => {
  const { observer, round, watch } = observed();
  await writeFile(pathsOf("bad").exit, record);
  observer.observe(
    pathsOf("bad"),
    () => {
      throw new Error("listener");
    },
    new AbortController().signal,
  );
  const seen = watch("r1");
  await round();
  await writeFile(pathsOf("r1").exit, record);
  await round();
  expect(seen).toHaveLength(1);
});
