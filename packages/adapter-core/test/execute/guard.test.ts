import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";
import { until } from "../support/until.ts";

const stage = sharedStage();

/** Runs that note when each of their lines came. */
function noted() {
  const order: string[] = [];
  const start = (name: string, agentId: string, config = {}, work = "sleep 0.3") =>
    run({
      ...{ stage: stage(), agentId, config },
      script: `echo ${name} begins; ${work}; echo ${name} ends`,
      onChunk: (_stream, chunk) => void order.push(chunk.trim()),
    });
  return { order, start };
}

it("G1: two runs of one agent at the same moment work one after the other", async () => {
  const { order, start } = noted();
  const ends = await Promise.all([start("a", "agent-1"), start("b", "agent-1")]);
  expect(ends.map(({ result }) => result.exitCode)).toEqual([0, 0]);
  const first = order[0]!.charAt(0);
  const second = first === "a" ? "b" : "a";
  expect(order).toEqual([`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`]);
  await stage().nothingLeft();
});

it("two agents, and two runs of one with concurrency unlimited, work side by side", async () => {
  const { order, start } = noted();
  const go = join(stage().volume, "all-are-there");
  const untilGo = `until [ -e ${go} ]; do sleep 0.05; done`;
  const unlimited = { concurrency: "unlimited" };
  const ends = [
    start("a", "agent-1", unlimited, untilGo),
    start("b", "agent-1", unlimited, untilGo),
    start("c", "agent-2", {}, untilGo),
  ];
  await until("all three at work", () => order.length === 3).finally(() => writeFile(go, ""));
  expect(order.sort()).toEqual(["a begins", "b begins", "c begins"]);
  expect((await Promise.all(ends)).map(({ result }) => result.exitCode)).toEqual([0, 0, 0]);
  await stage().nothingLeft();
});

it("G6: with busyWaitSec 0 a second run is blocked at once, and the first is not touched", async () => {
  const agentId = "agent-1";
  const first = run({ stage: stage(), agentId, script: "echo one; sleep 0.6; echo two" });
  await until("the first run's pod", async () => (await stage().left()).pods.length === 1);
  const second = await run({ stage: stage(), agentId, script: "echo never", config: { busyWaitSec: 0 } });
  expect(second.result).toMatchObject({
    ...{ errorCode: "k8s_concurrent_run_blocked", exitCode: null },
    executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
  });
  expect(second.stdout).toBe("");
  expect(await first).toMatchObject({ stdout: "one\ntwo\n", result: { exitCode: 0 } });
  await stage().nothingLeft();
});

it("G3: a guard that cannot be asked starts nothing", async () => {
  await run({ stage: stage(), script: "true" });
  await stage().nothingLeft();
  const fault = { kind: "status", code: 403, message: "jobs.batch is forbidden" } as const;
  const broken = stage().sandbox.faults.inject({ match: { verb: "list", resource: "jobs" }, fault });
  const { result, stdout } = await run({ stage: stage(), script: "echo never" });
  broken.remove();
  expect(result).toMatchObject({
    ...{ errorCode: "k8s_concurrency_guard_unreachable", errorFamily: "transient_upstream" },
    executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
  });
  expect(stdout).toBe("");
  await stage().nothingLeft();
});

it("G1: the same run executed twice at once works once, and neither end says that it never started", async () => {
  const same = { agentId: randomUUID(), runId: randomUUID(), script: "echo one; sleep 0.5; echo two" };
  const both = await Promise.all([run({ stage: stage(), ...same }), run({ stage: stage(), ...same })]);
  const [done, refused] = both.sort((a, b) => b.stdout.length - a.stdout.length);
  expect(done).toMatchObject({ stdout: "one\ntwo\n", result: { exitCode: 0 } });
  expect(refused).toMatchObject({ stdout: "", result: { errorCode: "k8s_concurrent_run_blocked" } });
  expect(refused?.result.executionRecovery).toBeUndefined();
  await stage().nothingLeft();
});
