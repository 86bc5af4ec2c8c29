import { expect, test } from "vitest";
import { settle, until } from "../support/fake-clock.ts";
import { world } from "../support/world.ts";

test("clean-up happens once, however often it is asked for", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  it.agent("run-1").end(0);
  await Promise.all([1, 2, 3].map(() => run.cleanUp({ retainJob: false, patienceMs: 1000 })));
  expect(host.requests().filter((one) => one === "delete jobs")).toHaveLength(1);
  expect(it.files("run-1").removed).toBe(1);
});

test("C2 a Job that was deleted by hand is not deleted again", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  await it.api.deleteJob(run.jobName, { propagation: "Background", preconditions: {} });
  let outcome: unknown = null;
  void run.outcome.then((one) => {
    outcome = one;
  });
  await until("the outcome", () => outcome !== null, { clock: host.clock, stepMs: 100 });
  expect(outcome).toMatchObject({ kind: "deleted_externally", writer: "dead", exitCode: 143 });
  await run.cleanUp({ retainJob: false, patienceMs: 1000 });
  expect(host.requests()).not.toContain("delete jobs");
  expect(it.files("run-1").present).toBe(false);
});

test("K3 a retained Job loses its Secret at once and keeps its files", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run({ spec: { ttlSecondsAfterFinished: null } });
  it.agent("run-1").end(0);
  it.sandbox.faults.inject({
    match: { verb: "delete", resource: "secrets" },
    fault: { kind: "status", code: 503 },
    times: 1,
  });
  const cleaned = run.cleanUp({ retainJob: true, patienceMs: 60_000 });
  await until("the Secret's end", async () => (await it.left()).secrets.length === 0, {
    clock: host.clock,
    stepMs: 200,
  });
  await cleaned;
  expect((await it.left()).jobs).toEqual([run.jobName]);
  expect(it.files("run-1").present).toBe(true);
});

test("C3 with the API away an outcome from the record comes within a second, and the clean-up follows when it is back", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  const outage = await it.sandbox.faults.outage();
  await until("the watches' end", () => run.liveness().state === "unknown");
  const before = host.clock.now();
  it.agent("run-1").end(3);
  expect(await run.outcome).toMatchObject({ kind: "failed", exitCode: 3, writer: "dead" });
  const cleaned = run.cleanUp({ retainJob: false, patienceMs: 1000 });
  await settle(20);
  await host.clock.advance(1000);
  await cleaned;
  expect(host.clock.now() - before).toBeLessThanOrEqual(1000);

  await outage.end();
  let empty = false;
  await until(
    "the clean-up",
    async () => {
      empty = (await it.left()).jobs.length === 0;
      return empty;
    },
    { clock: host.clock, stepMs: 500 },
  );
});

test("C3 an outage of ten minutes in mid-run ends nothing", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  const outage = await it.sandbox.faults.outage();
  await until("the watches' end", () => run.liveness().state === "unknown");
  await host.clock.advance(600_000);
  await outage.end();
  await until("the watches", () => run.liveness().state === "alive", { clock: host.clock, stepMs: 500 });
  await settle();
  expect(host.requests()).not.toContain("delete jobs");
  it.agent("run-1").end(0);
  expect(await run.outcome).toMatchObject({ kind: "succeeded" });
});

test("a supervisor that is closed does not begin to watch again for a clean-up that goes on", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  it.agent("run-1").end(0);
  await run.outcome;
  host.supervisor.close();
  await settle();
  const watches = it.sandbox.requests.filter(({ verb }) => verb === "watch" || verb === "list").length;
  await run.cleanUp({ retainJob: false, patienceMs: 1000 });
  await settle();
  expect(it.sandbox.requests.filter(({ verb }) => verb === "watch" || verb === "list")).toHaveLength(watches);
  await it.nothingLeft();
});

test("a listener that throws breaks neither its run nor the watches of the others", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  run.onProgress(() => {
    throw new Error("the host's log is closed");
  });
  const other = await host.run({ runId: "run-2", identity: { agentId: "other" } });
  it.agent("run-1").end(0);
  it.agent("run-2").end(0);
  expect(await run.outcome).toMatchObject({ kind: "succeeded" });
  expect(await other.outcome).toMatchObject({ kind: "succeeded" });
  expect(it.sandbox.requests.filter(({ verb }) => verb === "watch")).toHaveLength(2);
});
