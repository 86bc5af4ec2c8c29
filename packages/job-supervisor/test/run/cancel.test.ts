import { expect, test } from "vitest";
import { settle, until } from "../support/fake-clock.ts";
import { world } from "../support/world.ts";

test("X1 X6 a cancel is confirmed when the writer is dead, with what it left on record", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  expect(await run.cancel("The user cancelled.")).toMatchObject({
    kind: "cancelled",
    message: "The user cancelled.",
    writer: "dead",
    exitCode: 143,
  });
  await run.cleanUp({ retainJob: false, patienceMs: 1000 });
  await it.nothingLeft();
  expect(host.requests().filter((one) => one === "delete jobs")).toHaveLength(1);
  expect(it.files("run-1").present).toBe(false);
});

test("X2 X6 an agent that ignores SIGTERM is waited for, not declared dead", async () => {
  await using it = await world();
  it.agent("run-1").obeys = false;
  const host = it.host();
  const run = await host.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  let outcome: unknown = null;
  void run.cancel("over").then((one) => {
    outcome = one;
  });
  await until("the deletion", () => host.requests().includes("delete jobs"));
  await host.clock.advance(40_000);
  await settle();
  expect(outcome).toBeNull();
  it.agent("run-1").end(137);
  await until("the outcome", () => outcome !== null);
  expect(outcome).toMatchObject({ kind: "cancelled", writer: "dead", exitCode: 137 });
});

test("X3 a writer of whom nobody knows is not confirmed, its files stay, and nothing is deleted by force", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  it.agent("run-1").obeys = false;
  const node = it.agent("run-1").controls?.loseNode();
  it.files("run-1").write = () => {};
  const outcome = run.cancel("over");
  await until("the deletion", () => host.requests().includes("delete jobs"));
  await settle();
  await host.clock.advance(100_000);
  expect(await outcome).toMatchObject({ kind: "cancelled", writer: "not_confirmed" });
  await run.cleanUp({ retainJob: false, patienceMs: 1000 });
  expect(it.files("run-1").present).toBe(true);
  expect((await it.left()).jobs).toHaveLength(1);
  node?.recover();
});

test("X4 a deletion that the API does not take is repeated until it does", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  it.sandbox.faults.inject({
    match: { verb: "delete", resource: "jobs" },
    fault: { kind: "status", code: 500 },
    times: 3,
  });
  let outcome: unknown = null;
  void run.cancel("over").then((one) => {
    outcome = one;
  });
  await until("the outcome", () => outcome !== null, { clock: host.clock, stepMs: 200 });
  expect(outcome).toMatchObject({ kind: "cancelled", writer: "dead" });
  expect(host.requests().filter((one) => one === "delete jobs")).toHaveLength(4);
});

test("X1 a run that is cancelled while it finishes keeps its own end", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  it.sandbox.faults.freezeWatches("pods");
  it.agent("run-1").end(3);
  await settle();
  const outcome = run.cancel("too late");
  await host.clock.advance(5_000);
  expect(await outcome).toMatchObject({ kind: "failed", exitCode: 3 });
  expect(host.requests()).not.toContain("delete jobs");
});

test("C8 a timeout ends the agent through its grace and is told with its record", async () => {
  await using it = await world();
  const host = it.host();
  const { bounds } = await import("../support/facts.ts");
  const run = await host.run({ bounds: { ...bounds, timeoutMs: 60_000 } });
  const phases: string[] = [];
  run.onProgress(({ phase }) => phases.push(phase));
  await until("the container", () => phases.at(-1) === "running");
  await host.clock.advance(61_000);
  expect(await run.outcome).toMatchObject({
    kind: "timed_out",
    writer: "dead",
    exitCode: 143,
    signal: "SIGTERM",
  });
  expect(phases).toContain("stopping");
});
