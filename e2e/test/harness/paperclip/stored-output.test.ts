import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LogLine } from "../../../src/index.ts";
import { type StoredOutput, watchStoredOutput } from "../../../src/paperclip/stored-output.ts";
import { waitFor } from "../../../src/wait-for.ts";

const folders = "instances/default/run-logs/company/agent";
const line = (chunk: string, stream: LogLine["stream"] = "stdout"): LogLine => ({ ts: "", stream, chunk });
const long = `${"x".repeat(10_000)}\n`;

let volume: string;
let output: StoredOutput;
beforeAll(async () => {
  volume = await mkdtemp(join(tmpdir(), "paperclip-k8s-volume-"));
  await mkdir(join(volume, folders), { recursive: true });
  output = await watchStoredOutput({ volume, redact: (chunk) => chunk.replace("secret", "***") });
});
afterAll(async () => {
  await output[Symbol.asyncDispose]();
  await rm(volume, { recursive: true });
});

/** Writes a run's files, and takes them away once they are held. */
async function write(names: Readonly<Record<string, string>>): Promise<void> {
  const files = Object.entries(names).map(([name, text]) => [join(volume, folders, name), text] as const);
  await Promise.all(files.map(([file, text]) => writeFile(file, text)));
  await waitFor(() => Object.keys(names).every((name) => output.kept().includes(name)), {
    what: "the files",
  });
  await Promise.all(files.map(([file]) => rm(file)));
}

test("what the host stored is compared with what was written, all attempts, after the files have gone", async () => {
  await write({
    ...{ "one.pod.ndjson": `a secret\n${long}`, "one.2.pod.ndjson": "b\n" },
    ...{ "one.pod.stderr": "", "one.2.pod.stderr": "warning\n" },
  });
  const log = [
    ...[line("a ***\n"), line("x".repeat(8192)), line(`${"x".repeat(10_000 - 8192)}\n`), line("b\n")],
    ...[line("[paperclip] The agent's Job is alive\n", "stderr"), line("warning\n", "stderr")],
  ];
  expect(await output.compare("one", log)).toBe(true);
  const without = (index: number) => log.filter((_, at) => at !== index);
  expect(await output.compare("one", without(3))).toContain("stdout: 3 chunks are stored of 4; chunk 3");
  expect(await output.compare("one", without(5))).toContain("stderr: 0 chunks are stored of 1");
  expect(await output.compare("one", [...log, line("b\n")])).toContain("stdout: 5 chunks are stored of 4");
  const unredacted = log.with(0, line("a secret\n"));
  expect(await output.compare("one", unredacted)).toContain('instead of "a ***');
});

test("of a run without files of its own nothing is said", async () => {
  expect(await output.compare("another", [line("a\n")])).toBeUndefined();
});
