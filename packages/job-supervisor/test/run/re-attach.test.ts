import { expect, test } from "vitest";
import { bounds } from "../support/facts.ts";
import { fakeClock, settle, until } from "../support/fake-clock.ts";
import { world } from "../support/world.ts";

test("G5 a live Job of the same work is taken over, also one that has run for hours, and its end is told", async () => {
  await using it = await world();
  const first = await it.host("host-1").run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  const late = fakeClock(Date.now() + 7_200_000);
  const next = it.host("host-2", { clock: late });
  const result = await next.launch({ runId: "run-2" });
  expect(result).toMatchObject({ kind: "attached", orphan: { identity: { runId: "run-1" } } });
  if (result.kind !== "attached") return;
  expect(result.run.jobName).toBe(first.jobName);
  await settle();
  expect(next.requests().filter((one) => one === "delete jobs")).toHaveLength(1);
  it.agent("run-1").end(0);
  expect(await result.run.outcome).toMatchObject({ kind: "succeeded" });
  expect(it.files("run-1")).toMatchObject({ prepared: 1, present: true });
  expect(it.files("run-2").prepared).toBe(0);
});

test("G9 a run that was taken over is cancelled as any other", async () => {
  await using it = await world();
  await it.host("host-1").run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  const run = await it.host("host-2").run({ runId: "run-2" });
  expect(await run.cancel("over")).toMatchObject({ kind: "cancelled", writer: "dead" });
});

test("G9 a run that was taken over times out with the time that it has left", async () => {
  await using it = await world();
  await it.host("host-1").run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  const clock = fakeClock(Date.now() + 50_000);
  const run = await it
    .host("host-2", { clock })
    .run({ runId: "run-2", bounds: { ...bounds, timeoutMs: 60_000 } });
  await settle();
  expect(run.liveness().state).toBe("alive");
  await clock.advance(12_000);
  expect(await run.outcome).toMatchObject({ kind: "timed_out", writer: "dead" });
});

test("G11 a Job that ended while no host was there is told by its record", async () => {
  await using it = await world();
  const first = it.host("host-1");
  await first.run();
  first.supervisor.close();
  await until("the pod", () => it.agent("run-1").controls !== null);
  it.agent("run-1").end(4);
  await settle(150);
  const clock = fakeClock(Date.now() + 60_000);
  const result = await it.host("host-2", { clock }).launch();
  expect(result.kind).toBe("attached");
  if (result.kind !== "attached") return;
  expect(await result.run.outcome).toMatchObject({ kind: "failed", exitCode: 4, exitRecord: { status: 4 } });
});
