import { expect, test } from "vitest";
import { settle, until } from "../support/fake-clock.ts";
import { world } from "../support/world.ts";

test("a Job that the watch has not told of yet is not taken for one that is gone", async () => {
  await using it = await world();
  const host = it.host();
  await host.run({ runId: "other", identity: { agentId: "other" } });
  it.sandbox.faults.freezeWatches("jobs");
  const run = await host.run();
  const watches = () =>
    it.sandbox.requests.filter(({ verb, resource }) => verb === "watch" && resource === "pods");
  it.sandbox.faults.dropWatches("pods");
  await until("the next watch of pods", () => watches().length === 2, { clock: host.clock, stepMs: 100 });
  await settle();
  expect(run.liveness().state).toBe("alive");
  it.agent("run-1").end(0);
  expect(await run.outcome).toMatchObject({ kind: "succeeded" });
});

test("C2 a Job that came and went while nobody could hear of it is missed by the next whole list", async () => {
  await using it = await world();
  const host = it.host();
  await host.run({ runId: "other", identity: { agentId: "other" } });
  it.sandbox.faults.freezeWatches();
  const run = await host.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  it.files("run-1").write = () => {};
  await it.api.deleteJob(run.jobName, { propagation: "Background", preconditions: {} });
  await host.clock.advance(1);
  it.sandbox.faults.expireHistory();
  it.sandbox.faults.dropWatches();
  await until("its absence", () => run.liveness().state !== "alive" && run.liveness().state !== "unknown", {
    clock: host.clock,
    stepMs: 100,
  });
  let outcome: unknown = null;
  void run.outcome.then((one) => {
    outcome = one;
  });
  await until("the outcome", () => outcome !== null, { clock: host.clock, stepMs: 500 });
  expect(outcome).toMatchObject({ kind: "deleted_externally", writer: "not_confirmed" });
});
