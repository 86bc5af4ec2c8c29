import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildProgram } from "../src/build-program.ts";
import { NODE_VERSIONS } from "../src/node-versions.ts";

const run = promisify(execFile);
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const RUNS = 2000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "compat-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(NODE_VERSIONS)("file-tailer on Node $major", ({ major, program }) => {
  test("passes every scenario of its conformance suite", async () => {
    const { stdout } = await run(program, [path("../programs/conformance.mjs")], { cwd: folder });
    const { node, verdicts } = JSON.parse(stdout) as { node: string; verdicts: [string, unknown][] };
    expect(node).toMatch(new RegExp(`^v${major}\\.`));
    expect(verdicts.length).toBeGreaterThan(20);
    expect(verdicts.filter(([, verdict]) => (verdict as { kind: string }).kind !== "passed")).toEqual([]);
  });

  test("delivers each line once in every schedule of the model", async () => {
    const model = await buildProgram(path("../programs/model.ts"), join(folder, `model-${major}`));
    const { stdout } = await run(program, [model, "1", String(RUNS)]);
    expect(JSON.parse(stdout)).toEqual({
      node: expect.stringMatching(`^v${major}\\.`),
      runs: RUNS,
      failed: [],
    });
  });

  test("runs as a command", async () => {
    const log = join(folder, `${major}.log`);
    await writeFile(log, "one\ntwo\n");
    const built = path("../node_modules/@paperclip-k8s/file-tailer/dist/command.js");
    const args = [built, log, "--from-start", "--until-bytes", "8"];
    const { stdout, stderr } = await run(program, args, { env: { PATH: dirname(program) } });
    expect(stdout).toBe("one\ntwo\n");
    expect(stderr).toMatch(/^2 lines, 8 bytes/);
  });
});
