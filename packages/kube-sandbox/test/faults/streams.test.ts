// What can happen to a watch that was opened, one fault after another.
import { expect, it } from "vitest";
import type { WatchFault } from "../../src/index.ts";
import type { WatchLine } from "../contract/cluster.ts";
import { fakeClock } from "../helpers/fake-clock.ts";
import { type TestSandbox, testSandbox } from "../helpers/test-sandbox.ts";

const maps = "/api/v1/namespaces/t/configmaps";
const seen = (lines: readonly WatchLine[]) =>
  lines.map(({ type, object }) => object.metadata?.name ?? `${type} ${object.code}`);

/** Three ConfigMaps after a version, and a watch from that version that a fault strikes. */
async function struck(fault: WatchFault | { kind: "truncate"; afterEvents?: number }, query = "") {
  const test = await testSandbox();
  const { resourceVersion } = (await test.send("GET", maps)).json.metadata;
  for (const name of ["a", "b", "c"]) await test.send("POST", maps, { metadata: { name } });
  test.sandbox.faults.inject({ fault, times: 1 });
  const path = `${maps}?watch=1&resourceVersion=${resourceVersion}${query}`;
  return { test, path };
}

const all = ({ test, path }: { test: TestSandbox; path: string }) => test.watch(path, () => false);

it("a response is cut inside a line, after as many whole ones as told", async () => {
  const watch = await struck({ kind: "truncate", afterEvents: 2 });
  const headers = { authorization: `Bearer ${watch.test.sandbox.token}` };
  const response = await fetch(watch.test.sandbox.url + watch.path, { headers });
  let text = "";
  const reading = (async () => {
    for await (const chunk of response.body!) text += Buffer.from(chunk).toString();
  })();
  await expect(reading).rejects.toThrow("terminated");
  const [first, second, cut] = text.split("\n");
  expect([first, second].map((line) => JSON.parse(line!).object.metadata.name)).toEqual(["a", "b"]);
  expect(cut).toMatch(/^\{"type":"ADDED","object":\{/);
  expect(() => JSON.parse(cut!)).toThrow();
});

it("a list is cut in the middle of its JSON", async () => {
  const test = await testSandbox();
  test.sandbox.faults.inject({ match: { verb: "list" }, fault: { kind: "truncate" }, times: 1 });
  await expect(test.send("GET", maps)).rejects.toThrow("aborted");
  expect((await test.send("GET", maps)).status).toBe(200);
});

it("410 comes in the stream, or another error, and the stream ends", async () => {
  expect(seen(await all(await struck({ kind: "stream_error" })))).toEqual(["ERROR 410"]);
  const late = await struck({ kind: "stream_error", code: 500, message: "etcd is gone", afterEvents: 1 });
  const lines = await all(late);
  expect(seen(lines)).toEqual(["a", "ERROR 500"]);
  expect(lines[1]!.object).toMatchObject({ reason: "InternalError", message: "etcd is gone" });
});

it("410 comes in the list where the next page is asked for", async () => {
  const test = await testSandbox();
  for (const name of ["a", "b"]) await test.send("POST", maps, { metadata: { name } });
  const where = ({ query }: { query: URLSearchParams }) => query.has("continue");
  test.sandbox.faults.inject({ match: { verb: "list", where }, fault: { kind: "status", code: 410 } });
  const first = await test.send("GET", `${maps}?limit=1`);
  expect(first.status).toBe(200);
  const next = await test.send("GET", `${maps}?limit=1&continue=${first.json.metadata.continue}`);
  expect([next.status, next.json.reason]).toEqual([410, "Expired"]);
});

it("a stream ends cleanly after as many events as told", async () => {
  expect(seen(await all(await struck({ kind: "end_stream", afterEvents: 2 })))).toEqual(["a", "b"]);
  expect(seen(await all(await struck({ kind: "end_stream" })))).toEqual([]);
});

it("events are lost without a word, and later ones come", async () => {
  const watch = await struck({ kind: "lose_events", afterEvents: 1, count: 1 }, "&timeoutSeconds=1");
  expect(seen(await all(watch))).toEqual(["a", "c"]);
  expect(seen(await all(watch))).toEqual(["a", "b", "c"]);
});

it("a half-open watch says nothing more and does not even end", async () => {
  const clock = fakeClock();
  const test = await testSandbox({ clock });
  test.sandbox.faults.inject({ fault: { kind: "half_open", afterEvents: 1 }, times: 1 });
  const lines: WatchLine[] = [];
  let ended = false;
  const watch = test
    .watch(`${maps}?watch=1&timeoutSeconds=5&allowWatchBookmarks=1`, (all) => {
      lines.splice(0, lines.length, ...all);
      return false;
    })
    .then(() => {
      ended = true;
    });
  await expect.poll(() => test.sandbox.requests.at(-1)?.status).toBe(200);
  await test.send("POST", maps, { metadata: { name: "a" } });
  await test.send("POST", maps, { metadata: { name: "b" } });
  clock.advance(3_600_000);
  await test.send("GET", maps);
  expect(seen(lines.filter((line) => line.type !== "BOOKMARK"))).toEqual(["a"]);
  expect(ended).toBe(false);
  test.sandbox.faults.dropWatches();
  await watch;
});

it("a fault of watches leaves other requests alone, and one that is unknown is refused", async () => {
  const test = await testSandbox();
  test.sandbox.faults.inject({ match: { resource: "configmaps" }, fault: { kind: "end_stream" }, times: 1 });
  expect((await test.send("GET", maps)).status).toBe(200);
  expect(await test.watch(`${maps}?watch=1`, () => false)).toEqual([]);
  const fault = { kind: "gremlins" } as never;
  expect(() => test.sandbox.faults.inject({ fault })).toThrow(
    /fault.kind "gremlins" is none of status, drop,/,
  );
});
