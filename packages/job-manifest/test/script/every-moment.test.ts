import { describe, expect, test } from "vitest";
import { parseExitRecord } from "../../src/index.ts";
import { eventually, forAll, isWholeMatrix, pods, sh, startAgent, textOf } from "./run-agent.ts";

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.concurrent.each(pods())("SIGTERM in $title", (pod) => {
  test("X1 at any moment of the start ends the run, with a record", async () => {
    const moments = isWholeMatrix ? [...Array(60).keys()] : [0, 1, 2, 4, 8, 16];
    await forAll(moments, async (ms) => {
      const run = startAgent(pod, { command: sh("exec sleep 30"), graceSec: 1 });
      // Before its first lines PID 1 has no trap, and the kernel drops the signal.
      await eventually(() => textOf(run.files.started) !== "");
      await after(ms);
      run.signal("SIGTERM");
      const { code, record } = await run.ended;
      expect([143, 137]).toContain(code);
      expect(record).toMatchObject({ status: code, failure: null });
    });
  });

  test("C20 after the agent has ended changes neither its code nor its record", async () => {
    const run = startAgent(pod, { command: sh("head -c 3000000 /dev/zero; exit 4") });
    run.child.stdout.pause();
    await eventually(() => parseExitRecord(textOf(run.files.exit)) !== null);
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1"] as const) run.signal(signal);
    await after(100);
    run.signal("SIGTERM");
    run.child.stdout.resume();
    const { code, record } = await run.ended;
    expect(code).toBe(4);
    expect(record).toMatchObject({ status: 4, signal: null, failure: null, stdoutBytes: 3_000_000 });
  });

  test("X2 an agent and its child that ignore it are killed after the grace period", async () => {
    const command = sh(
      "trap '' TERM; (trap '' TERM; while :; do sleep 0.05; done) & echo ready; while :; do sleep 0.05; done",
    );
    const run = startAgent(pod, { command, graceSec: 1 });
    await eventually(() => textOf(run.files.stdout) === "ready\n");
    run.signal("SIGTERM");
    const { code, record } = await run.ended;
    expect(code).toBe(137);
    expect(record).toMatchObject({ status: 137, signal: "SIGKILL", failure: null });
  });
});
