import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freshDirectory, makeHostFiles, pods, runAgent, sh } from "./run-agent.ts";

describe.concurrent.each(pods())("in $title", (pod) => {
  const { uid } = pod.pod!;

  test.each(["/bin", "/tmp", "folder"])(
    "C11 an agent CLI that is a directory (%s) is cli_missing",
    async (name) => {
      const directory = freshDirectory();
      makeHostFiles(directory, "", uid);
      mkdirSync(join(directory, "folder"), { mode: 0o755 });
      const environment = { PATH: "/bin:/usr/bin:/usr/sbin:/run-directory" };
      const ended = await runAgent(pod, { directory, environment, command: [name, "--print"] });
      expect(ended.code).toBe(127);
      expect(ended.record).toMatchObject({ status: 127, failure: "cli_missing" });
      expect(ended.stderr).toContain(`the image has no executable ${name}`);
    },
  );

  test("C11 a file that may not be executed is cli_missing", async () => {
    const directory = freshDirectory();
    makeHostFiles(directory, "", uid);
    writeFileSync(join(directory, "cli"), "#!/bin/sh\necho ran\n", { mode: 0o644 });
    const ended = await runAgent(pod, { directory, command: ["/run-directory/cli"] });
    expect(ended.record).toMatchObject({ status: 127, failure: "cli_missing" });
  });

  test("C11 one whose interpreter is missing fails by itself, and stderr says so", async () => {
    const directory = freshDirectory();
    makeHostFiles(directory, "", uid);
    writeFileSync(join(directory, "cli"), "#!/no/such/interpreter\n", { mode: 0o755 });
    const ended = await runAgent(pod, { directory, command: ["/run-directory/cli"] });
    expect([126, 127]).toContain(ended.code);
    expect(ended.record).toMatchObject({ status: ended.code, failure: null });
    expect(ended.stderr).toMatch(/\/run-directory\/cli/);
  });

  test("a run directory without the host's files is filled by the pod", async () => {
    const directory = freshDirectory();
    chmodSync(directory, 0o777);
    writeFileSync(join(directory, "r1.pod.prompt"), "hello");
    chmodSync(join(directory, "r1.pod.prompt"), 0o644);
    const ended = await runAgent(pod, { directory, command: sh("cat") });
    expect(ended).toMatchObject({ code: 0, record: { status: 0, failure: null, stdoutBytes: 5 } });
  });

  test("L14 a missing run directory is output_unwritable, told in the termination message", async () => {
    const directory = freshDirectory();
    const environment = { AGENT_RUN_STARTED: "/run-directory/missing/r1.pod.started" };
    const ended = await runAgent(pod, { directory, environment, command: sh("echo ran") });
    expect(ended.code).toBe(1);
    expect(ended.terminationMessage).toMatch(/^output_unwritable: cannot create/);
    expect(ended.log.toString()).toBe("");
  });

  test.skipIf(uid === 0)("a run directory of another user is output_unwritable", async () => {
    const directory = freshDirectory();
    makeHostFiles(directory);
    chmodSync(directory, 0o755);
    const ended = await runAgent(pod, { directory, command: sh("echo ran") });
    expect(ended.code).toBe(1);
    expect(ended.terminationMessage).toMatch(/^output_unwritable: cannot create/);
  });

  test.skipIf(uid === 0)("each file of another user is named", async () => {
    for (const name of ["stdout", "stderr", "exit"] as const) {
      const directory = freshDirectory();
      const files = makeHostFiles(directory, "", uid);
      chownSync(files[name], 0, 0);
      chmodSync(files[name], 0o644);
      const { code, terminationMessage, log } = await runAgent(pod, { directory, command: sh("echo ran") });
      expect({ code, log: log.toString() }).toEqual({ code: 1, log: "" });
      expect(terminationMessage).toContain(files[name].slice(directory.length));
    }
  });

  test("an output path that is a folder, and a prompt that is none, are named", async () => {
    const directory = freshDirectory();
    const files = makeHostFiles(directory, "", uid);
    rmSync(files.stderr);
    mkdirSync(files.stderr);
    const ended = await runAgent(pod, { directory, command: sh("echo ran") });
    expect(ended.record).toMatchObject({ status: 1, failure: "output_unwritable" });
    const other = freshDirectory();
    rmSync(makeHostFiles(other, "", uid).prompt);
    const promptless = await runAgent(pod, { directory: other, command: sh("echo ran") });
    expect(promptless.record).toMatchObject({ status: 1, failure: "prompt_unreadable" });
  });

  test("a second pod touches nothing of the first, and says so", async () => {
    const directory = freshDirectory();
    makeHostFiles(directory, "", uid);
    const first = await runAgent(pod, { directory, command: sh("echo first") });
    const environment = { AGENT_RUN_POD_UID: "second-pod" };
    const second = await runAgent(pod, { directory, environment, command: sh("echo second") });
    expect(second).toMatchObject({ code: 1, record: first.record, stdout: first.stdout });
    expect(second.terminationMessage).toMatch(/^already_started: pod /);
  });

  test("a mark that is a dangling link is not followed", async () => {
    const directory = freshDirectory();
    const files = makeHostFiles(directory, "", uid);
    symlinkSync("/tmp/elsewhere", files.started);
    const ended = await runAgent(pod, { directory, command: sh("ls /tmp") });
    expect([0, 1]).toContain(ended.code);
    expect(ended.stdout.toString()).not.toContain("elsewhere");
  });
});
