import { expect, test } from "vitest";
import { settle, until } from "../support/fake-clock.ts";
import { world } from "../support/world.ts";

const CANCELLED = { kind: "refused", outcome: { kind: "cancelled", writer: "never_started" } };

test("X1 a run that is cancelled before its Job exists makes none", async () => {
  await using it = await world();
  const host = it.host();
  expect(await host.launch({ signal: AbortSignal.abort() })).toMatchObject(CANCELLED);
  expect(host.requests()).toEqual([]);
});

test.each(["create jobs", "create secrets", "list jobs"])(
  "X1 K1 cancelled during %s, nothing stays",
  async (step) => {
    await using it = await world();
    const host = it.host();
    await (await host.run({ runId: "warm-up", identity: { agentId: "other" } })).cancel("over");
    const [verb = "", resource = ""] = step.split(" ");
    it.sandbox.faults.inject({ match: { verb, resource }, fault: { kind: "latency", ms: 100 } });
    const cancel = new AbortController();
    const launched = host.launch({ signal: cancel.signal });
    const before = host.requests().filter((one) => one === step).length;
    await until("the request", () => host.requests().filter((one) => one === step).length > before);
    cancel.abort();
    expect(await launched).toMatchObject(CANCELLED);
    await it.nothingLeft();
    expect(it.files("run-1").prepared).toBe(0);
  },
);

test("X1 cancelled while it waits for another run, also behind a third one", async () => {
  await using it = await world();
  const host = it.host();
  await host.run();
  const cancel = new AbortController();
  const waiting: unknown[] = [];
  const onWaiting = () => waiting.push(null);
  const second = host.launch({ runId: "run-2", signal: cancel.signal, onWaiting });
  const third = host.launch({ runId: "run-3", signal: cancel.signal, onWaiting });
  await until("both waits", () => waiting.length === 2);
  cancel.abort();
  expect(await second).toMatchObject(CANCELLED);
  expect(await third).toMatchObject(CANCELLED);
  expect((await it.left()).jobs).toHaveLength(1);
});

test("X1 C22 cancelled while the API is away, before the first list", async () => {
  await using it = await world();
  const outage = await it.sandbox.faults.outage();
  const cancel = new AbortController();
  const launched = it.host().launch({ signal: cancel.signal });
  await settle();
  cancel.abort();
  expect(await launched).toMatchObject(CANCELLED);
  await outage.end();
});

test("X1 C4 cancelled while the API answers 500, without one more try", async () => {
  await using it = await world();
  const host = it.host();
  await host.run({ runId: "warm-up", identity: { agentId: "other" } });
  it.sandbox.faults.inject({
    match: { verb: "create", resource: "jobs" },
    fault: { kind: "status", code: 500 },
  });
  const cancel = new AbortController();
  const launched = host.launch({ signal: cancel.signal });
  const creates = () => host.requests().filter((one) => one === "create jobs").length;
  await until("the first try", () => creates() === 2);
  await settle();
  cancel.abort();
  await settle();
  expect(creates()).toBeLessThanOrEqual(3);
  expect(await launched).toMatchObject(CANCELLED);
});
