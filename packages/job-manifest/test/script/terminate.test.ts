import { expect, test } from "vitest";
import { describePlaces, eventually, runAgent, sh, startAgent, textOf } from "./run-agent.ts";

const SAVES = `trap 'echo saved; exit 5' TERM; echo ready; while :; do sleep 0.05; done`;
const IGNORES = `trap '' TERM; echo ready; while :; do sleep 0.05; done`;

describePlaces("SIGTERM", (place) => {
  test("X8 an agent that saves and exits keeps its own code and all it wrote", async () => {
    const run = startAgent(place, { command: sh(SAVES) });
    await eventually(() => textOf(run.files.stdout) === "ready\n");
    run.signal("SIGTERM");
    const ended = await run.ended;
    expect(ended.code).toBe(5);
    expect(ended.record).toMatchObject({ status: 5, signal: null, failure: null, stdoutBytes: 12 });
    expect(ended.stdout.toString()).toBe("ready\nsaved\n");
    expect(ended.log).toEqual(ended.stdout);
  });

  test("X2 an agent that ignores it is killed after its grace period, and the record is written", async () => {
    const run = startAgent(place, { command: sh(IGNORES), graceSec: 1 });
    await eventually(() => textOf(run.files.stdout) === "ready\n");
    run.signal("SIGTERM");
    const ended = await run.ended;
    expect(ended.code).toBe(137);
    expect(ended.record).toMatchObject({ status: 137, signal: "SIGKILL", failure: null });
    expect(ended.record!.endedAt - ended.record!.startedAt).toBeGreaterThanOrEqual(900);
    expect(ended.record!.endedAt - ended.record!.startedAt).toBeLessThan(8000);
  });

  test("an agent without a handler dies by it", async () => {
    const run = startAgent(place, { command: sh("echo ready; exec sleep 30") });
    await eventually(() => textOf(run.files.stdout) === "ready\n");
    run.signal("SIGTERM");
    expect((await run.ended).record).toMatchObject({ status: 143, signal: "SIGTERM" });
  });

  test("an agent that works on after it is waited for, and a second signal is not passed on", async () => {
    const count = `n=0; trap 'n=$((n+1)); echo "term $n"' TERM; echo ready; i=0; while [ $i -lt 8 ]; do sleep 0.05; i=$((i+1)); done; exit $n`;
    const run = startAgent(place, { command: sh(count) });
    await eventually(() => textOf(run.files.stdout) === "ready\n");
    run.signal("SIGTERM");
    await eventually(() => textOf(run.files.stdout).includes("term 1"));
    run.signal("SIGTERM");
    expect((await run.ended).code).toBe(1);
  });

  test("nothing of the grace timer is left when the agent ends early", async () => {
    const started = Date.now();
    const run = startAgent(place, { command: sh(SAVES), graceSec: 25 });
    await eventually(() => textOf(run.files.stdout) === "ready\n");
    run.signal("SIGTERM");
    await run.ended;
    expect(Date.now() - started).toBeLessThan(10_000);
  });
});

describePlaces("no SIGTERM", (place) => {
  test("USR1, which means a lease that has expired, does nothing in a run without one", async () => {
    const run = startAgent(place, { command: sh("echo ready; sleep 0.3; exit 3") });
    await eventually(() => textOf(run.files.stdout) === "ready\n");
    run.signal("SIGUSR1");
    const { code, record } = await run.ended;
    expect(code).toBe(3);
    expect(record).toMatchObject({ failure: null });
  });

  test("an agent that ends by itself is not waited for beyond its end", async () => {
    const { record } = await runAgent(place, { command: sh("exit 0"), graceSec: 25 });
    expect(record!.endedAt - record!.startedAt).toBeLessThan(5000);
  });
});
