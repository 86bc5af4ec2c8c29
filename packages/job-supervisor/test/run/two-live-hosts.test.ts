import { expect, test } from "vitest";
import { fakeClock, settle, until } from "../support/fake-clock.ts";
import { presences } from "../support/presence.ts";
import { world } from "../support/world.ts";

test("G12 a Job that another live host follows is not taken over; when that host has died it is", async () => {
  await using it = await world();
  const hosts = presences();
  const first = hosts.of();
  await it.host("host-1", { presence: first }).run();
  await until("the pod", () => it.agent("run-1").controls !== null);

  const host = it.host("host-2", { presence: hosts.of() });
  let result: Awaited<ReturnType<typeof host.launch>> | null = null;
  const waited: unknown[] = [];
  void host.launch({ runId: "run-2", onWaiting: () => waited.push(null) }).then((one) => {
    result = one;
  });
  await until("the wait", () => waited.length === 1);
  const asked = host.requests().length;
  await host.clock.advance(60_000);
  await settle();
  expect(result).toBeNull();
  expect(host.requests()).toHaveLength(asked);

  first.kill();
  await until("the take-over", () => result !== null, { clock: host.clock, stepMs: 1000 });
  expect(result).toMatchObject({ kind: "attached", orphan: { identity: { runId: "run-1" } } });
});

test("G12 a host that goes lets its Jobs go: its mark is taken away with it", async () => {
  await using it = await world();
  const hosts = presences();
  const old = it.host("host-1", { presence: hosts.of() });
  await old.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  old.supervisor.close();
  const result = await it.host("host-2", { presence: hosts.of() }).launch({ runId: "run-2" });
  expect(result.kind).toBe("attached");
});

test("G12 the same run in two live hosts is done once, told once, and its files are there until it is told", async () => {
  await using it = await world();
  const hosts = presences();
  const first = await it.host("host-1", { presence: hosts.of() }).run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  const host = it.host("host-2", { presence: hosts.of() });
  let result: Awaited<ReturnType<typeof host.launch>> | null = null;
  void host.launch().then((one) => {
    result = one;
  });
  await until("the second one's look", () => host.requests().includes("get jobs"));
  it.agent("run-1").end(0);
  expect(await first.outcome).toMatchObject({ kind: "succeeded" });
  await settle();
  expect(it.files("run-1").present).toBe(true);
  await first.cleanUp({ retainJob: false, patienceMs: 1000 });
  await until("the second one's answer", () => result !== null);
  expect(result).toMatchObject({
    kind: "refused",
    outcome: { kind: "blocked", writer: "dead", message: expect.stringContaining("not run again") },
  });
  expect(it.files("run-1").prepared).toBe(1);
  await it.nothingLeft();
});

test.each([
  ["blocked", undefined],
  ["cancelled", 5000],
])(
  "G12 a run that is %s while another live host follows it is not told as one that never started",
  async (kind, cancelAfterMs) => {
    await using it = await world();
    const hosts = presences();
    await it.host("host-1", { presence: hosts.of() }).run();
    await until("the pod", () => it.agent("run-1").controls !== null);
    const host = it.host("host-2", { presence: hosts.of() });
    const cancel = new AbortController();
    if (cancelAfterMs !== undefined) host.clock.schedule(() => cancel.abort(), cancelAfterMs);
    let result: Awaited<ReturnType<typeof host.launch>> | null = null;
    void host.launch({ busyWaitMs: 20_000, signal: cancel.signal }).then((one) => {
      result = one;
    });
    await until("the answer", () => result !== null, { clock: host.clock, stepMs: 1000 });
    expect(result).toMatchObject({ kind: "refused", outcome: { kind, writer: "not_confirmed" } });
  },
);

test("G12 a Job that goes while the waiting host still asks who is alive is not waited for", async () => {
  await using it = await world();
  const hosts = presences();
  const first = await it.host("host-1", { presence: hosts.of() }).run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  const known = hosts.of();
  const answer = Promise.withResolvers<void>();
  let questions = 0;
  let isWaiting = false;
  const presence = {
    ...known,
    isAlive: async (hostId: string) => {
      if (isWaiting) questions += 1;
      if (isWaiting) await answer.promise;
      return await known.isAlive(hostId);
    },
  };
  const onWaiting = () => {
    isWaiting = true;
  };
  const second = it.host("host-2", { presence }).launch({ runId: "run-2", onWaiting });
  await until("the question while it waits", () => questions > 0);
  it.agent("run-1").end(0);
  await first.outcome;
  await first.cleanUp({ retainJob: false, patienceMs: 1000 });
  await it.nothingLeft();
  await settle();
  answer.resolve();
  await until("the second run", () => it.agent("run-2").controls !== null);
  expect((await second).kind).toBe("launched");
});

test("G12 of two hosts that take one orphan over at the same moment one follows it, and the other waits", async () => {
  await using it = await world();
  const hosts = presences();
  const dead = hosts.of();
  await it.host("host-0", { presence: dead }).run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  dead.kill();
  const kinds: string[] = [];
  const waits: string[] = [];
  const launch = (name: string) =>
    it
      .host(name, { presence: hosts.of() })
      .launch({ runId: `run-${name}`, onWaiting: () => waits.push(name) })
      .then((result) => kinds.push(result.kind));
  void launch("host-1");
  void launch("host-2");
  await until("both", () => kinds.length + new Set(waits).size >= 2);
  await settle();
  expect(kinds).toEqual(["attached"]);
});

test("G12 an old Job of another live host is no orphan, and is not ended for its age", async () => {
  await using it = await world();
  const hosts = presences();
  const first = hosts.of();
  await it.host("host-1", { presence: first }).run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  const next = it.host("host-2", { presence: hosts.of(), clock: fakeClock(Date.now() + 90_000_000) });
  expect(await next.supervisor.sweep()).toEqual([]);
  await settle();
  expect((await it.left()).jobs).toHaveLength(1);
  first.kill();
  await next.supervisor.sweep();
  await until("the orphan's end", async () => (await it.left()).jobs.length === 0);
});

test("G12 a host whose Job was taken over removes neither the Job nor its files", async () => {
  await using it = await world();
  const first = it.host("host-1");
  const run = await first.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  const second = it.host("host-2");
  const result = await second.launch({ runId: "run-2" });
  if (result.kind !== "attached") throw new Error(result.kind);
  await settle();
  it.agent("run-1").end(0);
  expect(await run.outcome).toMatchObject({ kind: "succeeded" });
  expect(await result.run.outcome).toMatchObject({ kind: "succeeded" });
  await run.cleanUp({ retainJob: false, patienceMs: 1000 });
  expect(it.files("run-1").present).toBe(true);
  expect(first.requests()).not.toContain("delete jobs");
  await result.run.cleanUp({ retainJob: false, patienceMs: 1000 });
  expect(it.files("run-1").present).toBe(false);
  await it.nothingLeft();
});
