import { statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { eventually, pods, runAgent, sh, startAgent, textOf } from "./run-agent.ts";

describe.concurrent.each(pods())("in $title, with a read-only root", (pod) => {
  test("a run is whole: output, log, record, exit code, and the root stays read-only", async () => {
    const ended = await runAgent(pod, {
      prompt: "the prompt\n",
      command: sh("cat; echo err >&2; echo x >/root-is-writable; echo scratch >/tmp/x && exit 7"),
    });
    expect(ended.code).toBe(7);
    expect(ended.record).toMatchObject({ status: 7, failure: null, stdoutBytes: 11 });
    expect(ended.stdout.toString()).toBe("the prompt\n");
    expect(ended.log.toString()).toBe("the prompt\n");
    expect(ended.stderr).toMatch(/^err\n.*root-is-writable: Read-only file system\n$/s);
    expect(ended.errorLog).toBe(ended.stderr);
    expect(ended.record!.endedAt).toBeGreaterThanOrEqual(ended.record!.startedAt);
    expect(ended.terminationMessage).toBe("");
  });

  test("what pod and agent make belongs to them and the host's group, and to nobody else", async () => {
    const run = startAgent(pod, { command: sh("echo made >/run-directory/made; umask") });
    const { stdout } = await run.ended;
    expect(stdout.toString()).toMatch(/^0*7\n$/);
    for (const path of [run.files.started, run.files.started.replace("r1.pod.started", "made")]) {
      expect(statSync(path).mode & 0o777).toBe(0o660);
    }
  });

  test("the agent is told nothing of the script's variables", async () => {
    const { stdout } = await runAgent(pod, { environment: { KEY: "value" }, command: sh("env") });
    expect(stdout.toString()).toContain("KEY=value\n");
    expect(stdout.toString()).not.toContain("AGENT_RUN_");
    expect(stdout.toString()).not.toMatch(/^_[a-z]/m);
  });

  test("a PATH of the agent's own reaches the agent, and the script finds its helpers all the same", async () => {
    const shell = ["/bin/env", "PATH=/nowhere", "/bin/sh"] as const;
    const ended = await runAgent({ ...pod, shell }, { command: sh('echo "$PATH"') });
    expect(ended.log.toString()).toBe("/nowhere\n");
    expect(ended.stdout.toString()).toBe("/nowhere\n");
    expect(ended.record).toMatchObject({ status: 0, failure: null, stdoutBytes: 9 });
  });

  test("SIGTERM reaches the agent, whose daemon with stdout open keeps nobody waiting", async () => {
    const command = sh(
      "trap 'echo saved; exit 5' TERM; (trap '' TERM HUP; while :; do echo more; sleep 0.02; done) & echo ready; while :; do sleep 0.02; done",
    );
    const run = startAgent(pod, { command });
    await eventually(() => textOf(run.files.stdout).includes("ready"));
    run.signal("SIGTERM");
    const ended = await run.ended;
    expect(ended.code).toBe(5);
    expect(ended.stdout.toString()).toContain("saved\n");
    expect(ended.record).toMatchObject({ status: 5, stdoutBytes: ended.stdout.length });
  });

  test("a failure of the script is in the termination message too", async () => {
    const ended = await runAgent(pod, { command: ["no-such-agent"] });
    expect(ended.code).toBe(127);
    expect(ended.terminationMessage).toMatch(/^cli_missing: the image has no executable no-such-agent/);
  });
});
