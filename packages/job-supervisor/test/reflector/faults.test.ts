import { describe, expect, test } from "vitest";
import { startReflector } from "../../src/index.ts";
import { fakeClock, settle, until } from "../support/fake-clock.ts";
import { item, type WatchServer, watchServer } from "../support/watch-server.ts";

/** A reflector that has listed a and b and watches from version 10. */
async function watching(server: WatchServer) {
  server.items = [item("a", 1), item("b", 2)];
  server.version = 10;
  const clock = fakeClock();
  const changes: string[] = [];
  const reflector = startReflector({
    transport: server.transport,
    path: "/apis/batch/v1/namespaces/x/jobs",
    labelSelector: "app=agent",
    clock,
    random: () => 0.5,
  });
  reflector.store.subscribe(({ kind, object }) =>
    changes.push(`${kind} ${object.metadata?.uid}@${object.metadata?.resourceVersion}`),
  );
  await until("the first watch", () => server.watches.length === 1);
  await until("health", () => reflector.healthy());
  const seen = () =>
    [...reflector.store.values()]
      .map((one) => `${one.metadata?.uid}@${one.metadata?.resourceVersion}`)
      .sort();
  const reopened = (count: number) =>
    until(`watch ${count}`, () => server.watches.length === count && reflector.healthy(), {
      clock,
      stepMs: 100,
    });
  return { reflector, clock, changes, seen, reopened, [Symbol.dispose]: () => reflector.close() };
}

describe("a store stays equal to the server", () => {
  test("it lists once, then watches from there with bookmarks, for 5 to 10 minutes at random", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    expect(it.seen()).toEqual(["a@1", "b@2"]);
    const { query } = server.current();
    expect(Object.fromEntries(query)).toMatchObject({
      resourceVersion: "10",
      allowWatchBookmarks: "true",
      timeoutSeconds: "450",
      labelSelector: "app=agent",
    });
    server.current().event("MODIFIED", item("a", 11));
    server.current().event("DELETED", item("b", 12));
    server.current().event("ADDED", item("c", 13));
    await until("the events", () => it.seen().includes("c@13"));
    expect(it.seen()).toEqual(["a@11", "c@13"]);
    expect(server.lists).toHaveLength(1);
  });

  test("a watch that ends cleanly goes on from the last bookmark, without a list", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    server.current().event("BOOKMARK", item("", 99));
    await until("the bookmark", () => it.reflector.lastHeard() === it.clock.now());
    await settle(20);
    await it.clock.advance(100_000);
    server.current().end();
    await it.reopened(2);
    expect(server.current().query.get("resourceVersion")).toBe("99");
    expect(server.lists).toHaveLength(1);
    expect(it.changes).toEqual(["set a@1", "set b@2"]);
  });

  test("a connection that is cut inside a line loses nothing", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    server.current().event("MODIFIED", item("a", 11));
    server.current().raw('{"type":"MODIFIED","object":{"metadata":{"uid":"b"');
    await until("the event", () => it.seen().includes("a@11"));
    server.current().cut();
    await it.reopened(2);
    expect(server.current().query.get("resourceVersion")).toBe("11");
    server.current().event("MODIFIED", item("b", 12));
    await until("the rest", () => it.seen().includes("b@12"));
    expect(server.lists).toHaveLength(1);
  });

  test("L10 an event whose characters are split between two packets arrives whole", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    const line = `${JSON.stringify({ type: "ADDED", object: item("c", 11, "größe") })}\n`;
    const bytes = Buffer.from(line);
    const inside = bytes.indexOf(0xc3) + 1;
    server.current().raw(bytes.subarray(0, inside) as never);
    await settle(30);
    server.current().raw(bytes.subarray(inside) as never);
    await until("the event", () => it.seen().includes("c@11"));
    expect(it.reflector.store.get("c")?.metadata?.name).toBe("größe");
  });

  test("a half-open connection is given up after 150 s of silence", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    // The server knows of the watch before the client has its head, and only then does the silence begin.
    await until("the watchdog to be set", () => (it.clock.nextIn() ?? Number.POSITIVE_INFINITY) <= 150_000);
    await it.clock.advance(149_000);
    await settle(30);
    expect(server.watches).toHaveLength(1);
    await it.clock.advance(1_000);
    await until("the end of the silent watch", () => server.closed === 1);
    await it.reopened(2);
    expect(server.lists).toHaveLength(1);
  });

  test("a watch that the server never ends, though it goes on speaking, is ended half a minute after its time", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    for (let minute = 1; minute <= 8; minute++) {
      expect(server.watches).toHaveLength(1);
      await it.clock.advance(60_000);
      if (minute === 8) break;
      server.current().event("BOOKMARK", item("", 10 + minute));
      await until("the bookmark", () => it.reflector.lastHeard() === it.clock.now());
      await settle(5);
    }
    // Long before the silence would be too long.
    await until("the end of the watch", () => server.closed === 1);
    await it.reopened(2);
    expect(server.current().query.get("resourceVersion")).toBe("17");
  });

  test("an event that comes late does not set the next watch back", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    server.current().event("MODIFIED", item("a", 13));
    server.current().event("MODIFIED", item("b", 12));
    await until("the events", () => it.seen().includes("b@12"));
    await it.clock.advance(100_000);
    server.current().end();
    await it.reopened(2);
    expect(server.current().query.get("resourceVersion")).toBe("13");
  });

  test("a line that cannot be read in the midst of a watch is asked for again: nothing is passed over", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    server.current().event("MODIFIED", item("a", 11));
    server.current().raw('{"type":"MODIFIED","object":{"meta\n');
    server.current().event("MODIFIED", item("a", 13));
    await it.reopened(2);
    expect(server.current().query.get("resourceVersion")).toBe("11");
    expect(it.seen()).toEqual(["a@11", "b@2"]);
  });

  test("410 in the stream is a new list, which tells of what is gone", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    server.items = [item("b", 2), item("c", 20)];
    server.version = 30;
    server
      .current()
      .event("ERROR", { kind: "Status", code: 410, reason: "Expired", message: "too old resource version" });
    await it.reopened(2);
    expect(server.lists).toHaveLength(2);
    expect(it.seen()).toEqual(["b@2", "c@20"]);
    expect(it.changes.slice(2)).toEqual(["removed a@1", "set c@20"]);
  });

  test("410 in the middle of a paged list begins the list again", async () => {
    await using server = await watchServer();
    server.pageSize = 1;
    using it = await watching(server);
    server.lists.length = 0;
    server.items = [item("a", 1), item("b", 2), item("c", 3)];
    const expired = { status: 410, body: { kind: "Status", code: 410, reason: "Expired" } };
    server.current().event("ERROR", { kind: "Status", code: 410, reason: "Expired" });
    server.refuse.list.push(expired);
    await it.reopened(2);
    expect(it.seen()).toEqual(["a@1", "b@2", "c@3"]);
    expect(server.lists.map((query) => query.get("continue"))).toEqual([null, null, "1", "2"]);
  });

  test("a version that the server has not reached is not asked for again and again", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    server.version = 5;
    server.refuse.watch.push({
      status: 504,
      body: {
        kind: "Status",
        code: 504,
        reason: "Timeout",
        message: "Too large resource version: 10, current: 5",
      },
    });
    server.current().cut();
    await it.reopened(3);
    expect(server.current().query.get("resourceVersion")).toBe("5");
    expect(server.lists).toHaveLength(2);
  });

  test("an event that comes twice is told once", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    for (let times = 0; times < 2; times += 1) server.current().event("MODIFIED", item("a", 11));
    for (let times = 0; times < 2; times += 1) server.current().event("DELETED", item("b", 12));
    server.current().event("ADDED", item("c", 13));
    await until("the events", () => it.seen().includes("c@13"));
    expect(it.changes.slice(2)).toEqual(["set a@11", "removed b@12", "set c@13"]);
  });

  test("an object that comes back under its name is another one, also where both events were missed", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    server.current().event("DELETED", item("a", 11, "same"));
    server.current().event("ADDED", item("a2", 12, "same"));
    await until("the events", () => it.seen().includes("a2@12"));
    server.items = [item("b", 2), item("a3", 20, "same")];
    server.current().event("ERROR", { kind: "Status", code: 410, reason: "Expired" });
    await it.reopened(2);
    expect(it.changes.slice(2)).toEqual(["removed a@11", "set a2@12", "removed a2@12", "set a3@20"]);
  });
});

describe("a server in trouble is asked rarely", () => {
  test("429 is waited for as long as the server asks", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    server.refuse.watch.push({ status: 429, headers: { "retry-after": "20" } });
    server.current().cut();
    await until("the refusal", () => server.watches.length === 2, { clock: it.clock, stepMs: 100 });
    await until("its answer", () => !it.reflector.healthy());
    await settle(30);
    await it.clock.advance(19_000);
    await settle(30);
    expect(server.watches).toHaveLength(2);
    await it.clock.advance(1_500);
    await until("the next", () => server.watches.length === 3);
    expect(server.lists).toHaveLength(1);
  });

  test("C3 C4 ten minutes of 500 cost about twenty requests, and no list when it is over", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    server.refuseAll = { status: 500 };
    server.current().cut();
    const began = it.clock.now();
    await until("ten minutes", () => it.clock.now() - began > 600_000, { clock: it.clock, stepMs: 500 });
    expect(it.reflector.healthy()).toBe(false);
    expect(it.seen()).toEqual(["a@1", "b@2"]);
    const asked = server.watches.length - 1;
    expect(asked).toBeGreaterThan(10);
    expect(asked).toBeLessThan(40);
    server.refuseAll = null;
    await until("health", () => it.reflector.healthy(), { clock: it.clock, stepMs: 500 });
    expect(server.lists).toHaveLength(1);
    expect(server.current().query.get("resourceVersion")).toBe("10");
  });

  test("a proxy that ends every watch at once is not asked again at once", async () => {
    await using server = await watchServer();
    using it = await watching(server);
    server.refuseAll = { status: 200, body: {} };
    server.current().end();
    const began = it.clock.now();
    await until("a minute", () => it.clock.now() - began > 60_000, { clock: it.clock, stepMs: 500 });
    expect(server.watches.length).toBeLessThan(12);
  });

  test("rights that are missing are told to whoever waits, and asked for again later", async () => {
    await using server = await watchServer();
    server.refuseAll = { status: 403, body: { kind: "Status", message: "no", reason: "Forbidden" } };
    const clock = fakeClock();
    const reflector = startReflector({
      transport: server.transport,
      path: "/api/v1/pods",
      labelSelector: "",
      clock,
      random: () => 0.5,
    });
    await expect(reflector.whenSynced(60_000)).rejects.toMatchObject({ code: "forbidden" });
    server.refuseAll = null;
    const synced = reflector.whenSynced(60_000);
    await until("the list", () => reflector.healthy(), { clock, stepMs: 100 });
    await synced;
    reflector.close();
  });

  test("a server that never answers is told as such after the bound", async () => {
    await using server = await watchServer();
    server.refuseAll = { status: 503 };
    const clock = fakeClock();
    const reflector = startReflector({
      transport: server.transport,
      path: "/api/v1/pods",
      labelSelector: "",
      clock,
      random: () => 0.5,
    });
    const synced = expect(reflector.whenSynced(5_000)).rejects.toMatchObject({ code: "timeout" });
    await clock.advance(5_000);
    await synced;
    reflector.close();
  });
});
