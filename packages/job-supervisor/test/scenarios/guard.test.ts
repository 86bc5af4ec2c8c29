import { expect, test } from "vitest";
import { until } from "../support/fake-clock.ts";
import { world } from "../support/world.ts";

test("G7 a live Job of the same task with another session is waited for, not taken over and not ended", async () => {
  await using it = await world();
  const first = await it.host("host-1").run({ identity: { sessionId: "session-1" } });
  await until("the pod", () => it.agent("run-1").controls !== null);
  const result = await it
    .host("host-2")
    .launch({ runId: "run-2", identity: { sessionId: "session-2" }, busyWaitMs: 0 });
  expect(result).toMatchObject({ kind: "refused", outcome: { kind: "blocked" } });
  it.agent("run-1").end(0);
  expect(await first.outcome).toMatchObject({ kind: "succeeded" });
});

test("G8 of several orphans the one that is retried is taken over, and the others are left at work", async () => {
  await using it = await world();
  const dead = it.host("host-1");
  for (const runId of ["run-1", "run-2", "run-3"]) await dead.run({ runId, concurrency: "unlimited" });
  await until("the pods", () =>
    ["run-1", "run-2", "run-3"].every((runId) => it.agent(runId).controls !== null),
  );
  dead.supervisor.close();
  const result = await it.host("host-2").launch({ runId: "run-4", retryOfRunId: "run-2" });
  expect(result).toMatchObject({ kind: "attached", orphan: { identity: { runId: "run-2" } } });
  await until("the withdrawal", async () => (await it.left()).jobs.length === 3);
});

test("G13 two agents whose ids share their first 60 characters work side by side", async () => {
  await using it = await world();
  const shared = "a".repeat(60);
  await it.host("host-1").run({ identity: { agentId: `${shared}-one` } });
  const result = await it
    .host("host-2")
    .launch({ runId: "run-2", identity: { agentId: `${shared}-two` }, busyWaitMs: 0 });
  expect(result.kind).toBe("launched");
});

test("G14 ids that labels refuse, or of 200 characters, are found again in full", async () => {
  await using it = await world();
  const taskId = `Größe/тест: ${"x".repeat(190)}`;
  await it.host("host-1").run({ identity: { taskId, sessionId: "séance 1" } });
  await until("the pod", () => it.agent("run-1").controls !== null);
  const other = await it
    .host("host-2")
    .launch({ runId: "run-2", identity: { taskId: `${taskId}y` }, busyWaitMs: 0 });
  expect(other).toMatchObject({ kind: "refused", outcome: { kind: "blocked" } });
  const same = await it
    .host("host-3")
    .launch({ runId: "run-3", identity: { taskId, sessionId: "séance 1" } });
  expect(same).toMatchObject({ kind: "attached", orphan: { identity: { taskId } } });
});
