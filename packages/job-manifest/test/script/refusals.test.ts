import { chmodSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describePlaces, freshDirectory, isRoot, makeHostFiles, POD_UID, runAgent, sh } from "./run-agent.ts";

describePlaces("a run that cannot begin", (place) => {
  test("C11 a missing agent CLI is told in the record, on stderr and in the stderr file", async () => {
    const ended = await runAgent(place, { command: ["no-such-agent", "--print"] });
    expect(ended.code).toBe(127);
    expect(ended.record).toMatchObject({ status: 127, signal: null, failure: "cli_missing", stdoutBytes: 0 });
    expect(ended.errorLog).toContain("agent-run: cli_missing: the image has no executable no-such-agent");
    expect(ended.stderr).toBe(ended.errorLog);
    expect(ended.record!.stderrBytes).toBe(Buffer.byteLength(ended.stderr));
  });

  test("C11 a builtin or a function of the script is not an agent CLI", async () => {
    for (const name of ["complain", "exit"]) {
      expect((await runAgent(place, { command: [name, "0"] })).record?.failure).toBe("cli_missing");
    }
  });

  test("a second pod is refused and touches nothing of the first", async () => {
    const directory = freshDirectory();
    const files = makeHostFiles(directory);
    const first = await runAgent(place, { directory, command: sh("echo first") });
    const environment = { AGENT_RUN_POD_UID: "second-pod" };
    const second = await runAgent(place, { directory, environment, command: sh("echo second") });
    expect(second.code).toBe(1);
    expect(second.errorLog).toBe(
      `agent-run: already_started: pod ${POD_UID} has taken this run already (${files.started})\n`,
    );
    expect(second.record).toEqual(first.record);
    expect(second.stdout.toString()).toBe("first\n");
  });

  test("L14 a missing run directory is output_unwritable, not a success", async () => {
    const directory = join(freshDirectory(), "missing");
    const ended = await runAgent(place, { directory, command: sh("echo ran") });
    expect(ended.code).toBe(1);
    expect(ended.errorLog).toContain("agent-run: output_unwritable: cannot create ");
    expect(ended.log.toString()).toBe("");
  });

  test.skipIf(!isRoot || place.isInit)("a directory of another user is output_unwritable", async () => {
    const directory = freshDirectory();
    makeHostFiles(directory);
    chmodSync(directory, 0o755);
    const ended = await runAgent(place, { directory, command: sh("echo ran"), uid: 12345 });
    expect(ended.code).toBe(1);
    expect(ended.errorLog).toContain("agent-run: output_unwritable: ");
  });

  test.skipIf(!isRoot || place.isInit)(
    "an output file of another user is named in a whole record",
    async () => {
      const directory = freshDirectory();
      const files = makeHostFiles(directory);
      chmodSync(directory, 0o777);
      chmodSync(files.exit, 0o666);
      chmodSync(files.stdout, 0o644);
      const ended = await runAgent(place, { directory, command: sh("echo ran"), uid: 12345 });
      expect(ended.code).toBe(1);
      expect(ended.record).toMatchObject({ status: 1, failure: "output_unwritable" });
      expect(ended.errorLog).toContain(files.stdout);
    },
  );

  test("a prompt that cannot be read is named", async () => {
    const directory = freshDirectory();
    const files = makeHostFiles(directory);
    rmSync(files.prompt);
    const ended = await runAgent(place, { directory, command: sh("echo ran") });
    expect(ended.code).toBe(1);
    expect(ended.record).toMatchObject({ failure: "prompt_unreadable" });
  });

  test("nothing of a former attempt is appended to", async () => {
    const directory = freshDirectory();
    const files = makeHostFiles(directory);
    writeFileSync(files.stdout, "old ".repeat(1000));
    const ended = await runAgent(place, { directory, command: sh("echo new") });
    expect(ended.stdout.toString()).toBe("new\n");
  });

  test("a former record, however long, is gone before the agent begins, and no rest of it is left", async () => {
    const directory = freshDirectory();
    const files = makeHostFiles(directory);
    writeFileSync(files.exit, `${'{"version":1,"end":true}'.padEnd(1000, "x")}\n`);
    const ended = await runAgent(place, { directory, command: sh('cat "$1"; exit 0', files.exit) });
    expect(ended.stdout.toString()).toMatch(/^ {1023}\n$/);
    expect(ended.record).toMatchObject({ status: 0, stdoutBytes: 1024 });
    expect(statSync(files.exit).size).toBe(1024);
  });
});
