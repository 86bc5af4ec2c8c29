import { buildJob } from "@paperclip-k8s/job-manifest";
import { systemClock as sandboxClock } from "@paperclip-k8s/kube-sandbox";
import { expect, test } from "vitest";
import type { SupervisedRun } from "../../src/index.ts";
import { fakeClock, settle, until } from "../support/fake-clock.ts";
import { specOf, world } from "../support/world.ts";

test("G1 two runs of one agent in one host: one works, the other waits without a request, then works", async () => {
  await using it = await world();
  const host = it.host();
  const waited: string[][] = [];
  const first = await host.run();
  const second = host.run({ runId: "run-2", onWaiting: (names) => waited.push([...names]) });
  await until("the wait", () => waited.length === 1);
  expect(waited).toEqual([[first.jobName]]);
  expect(host.requests()).toHaveLength(4);

  it.agent("run-1").end(0);
  await first.outcome;
  await settle();
  expect(host.requests()).toHaveLength(4);
  await first.cleanUp({ retainJob: false, patienceMs: 1000 });
  it.agent("run-2").end(0);
  expect(await (await second).outcome).toMatchObject({ kind: "succeeded" });
});

test("G2 two hosts at the same moment: exactly one works, the other waits and then works", async () => {
  await using it = await world();
  const clock = fakeClock();
  const hosts = [it.host("host-1", { clock }), it.host("host-2", { clock })];
  let working = 0;
  const runs = hosts.map(async (host, index) => {
    const run = await host.run({ runId: `run-${index + 1}`, identity: { taskId: `task-${index}` } });
    working += 1;
    expect(working).toBe(1);
    await settle(30);
    it.agent(`run-${index + 1}`).end(0);
    expect(await run.outcome).toMatchObject({ kind: "succeeded" });
    working -= 1;
    await run.cleanUp({ retainJob: false, patienceMs: 1000 });
  });
  let done = false;
  void Promise.all(runs).then(() => {
    done = true;
  });
  await until("both runs", () => done, { clock, stepMs: 20 });
  await Promise.all(runs);
  await it.nothingLeft();
});

test("G6 with a busyWait of 0 a live Job of another task blocks at once, by name", async () => {
  await using it = await world();
  const first = await it.host("host-1").run();
  const result = await it
    .host("host-2")
    .launch({ runId: "run-2", identity: { taskId: "task-2" }, busyWaitMs: 0 });
  expect(result).toMatchObject({
    kind: "refused",
    outcome: { kind: "blocked", writer: "never_started", message: expect.stringContaining(first.jobName) },
  });
  expect(it.files("run-2").present).toBe(false);
  await until("the withdrawal", async () => (await it.left()).jobs.length === 1);
});

test("G6 the wait ends as blocked after its bound, and another run's wait does not add to it", async () => {
  await using it = await world();
  await it.host("host-1").run();
  const host = it.host("host-2");
  const results: string[] = [];
  const launch = (runId: string) =>
    host.launch({ runId, identity: { taskId: runId }, busyWaitMs: 10_000 }).then((result) => {
      results.push(result.kind === "refused" ? result.outcome.kind : result.kind);
    });
  const both = Promise.all([launch("run-2"), launch("run-3")]);
  await until("both waits", () => host.requests().filter((one) => one === "delete jobs").length === 2);
  await settle();
  await host.clock.advance(10_000);
  await until("both ends", () => results.length === 2);
  await both;
  expect(results).toEqual(["blocked", "blocked"]);
});

test("a Job that ends between the guard's answer and the wait is not waited for", async () => {
  await using it = await world();
  const first = await it.host("host-1").run();
  const host = it.host("host-2");
  // The withdrawal is slow enough for the blocker to end meanwhile.
  it.sandbox.faults.inject({
    match: { verb: "delete", resource: "jobs" },
    fault: { kind: "latency", ms: 300 },
    times: 1,
  });
  const second = host.run({ runId: "run-2", identity: { taskId: "task-2" } });
  await until("the list", () => host.requests().includes("list jobs"));
  await settle(50);
  it.agent("run-1").end(0);
  await first.outcome;
  await it.api.deleteJob(first.jobName, { propagation: "Background", preconditions: {} });
  await until("the second run", () => it.agent("run-2").controls !== null);
  it.agent("run-2").end(0);
  expect(await (await second).outcome).toMatchObject({ kind: "succeeded" });
});

test("G4 a terminating Job counts as live until its pod is dead", async () => {
  await using it = await world();
  it.agent("run-1").obeys = false;
  const first = await it.host("host-1").run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  await it.api.deleteJob(first.jobName, { propagation: "Foreground", preconditions: {} });
  const host = it.host("host-2");
  const second = host.run({ runId: "run-2" });
  await until("the wait", () => host.requests().includes("delete jobs"));
  await settle();
  expect(it.agent("run-2").controls).toBeNull();
  it.agent("run-1").end(137);
  await until("the second run", () => it.agent("run-2").controls !== null);
  it.agent("run-2").end(0);
  expect(await (await second).outcome).toMatchObject({ kind: "succeeded" });
});

test("G11 a launch that a dead host left suspended stands in the way for minutes, not for a quarter of an hour", async () => {
  const clock = fakeClock();
  // The sandbox stamps by the same time, and works by its own.
  await using it = await world({ clock: { ...sandboxClock, now: clock.now } });
  const left = buildJob(specOf({ runId: "run-0", identity: { taskId: "task-0" } }));
  await it.api.createJob(left);
  // Ages are whole seconds: of two Jobs of one second either may count as the older.
  await clock.advance(2_000);
  const host = it.host("host-1", { clock });
  const waited: string[][] = [];
  // Longer than the test's clock may run ahead of a slow machine's requests.
  const busyWaitMs = 3_600_000;
  const second = host.run({ busyWaitMs, onWaiting: (names) => waited.push([...names]) });
  await until("the wait", () => waited.length >= 1, { clock, stepMs: 10 });
  expect(waited[0]).toEqual([left.metadata?.name]);
  const began = clock.now();
  let run: SupervisedRun | undefined;
  void second.then((launched) => {
    run = launched;
  });
  await until("the launch", () => run !== undefined, { clock, stepMs: 1000 });
  expect(clock.now() - began).toBeGreaterThan(180_000);
  expect(clock.now() - began).toBeLessThan(900_000);
  expect((await it.left()).jobs).toEqual([run?.jobName]);
  it.agent("run-1").end(0);
  await run?.outcome;
  await run?.cleanUp({ retainJob: false, patienceMs: 1000 });
});
