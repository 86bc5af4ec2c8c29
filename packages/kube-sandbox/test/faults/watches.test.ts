import { expect, it } from "vitest";
import { type TestSandbox, testSandbox } from "../helpers/test-sandbox.ts";
import { until } from "../helpers/until.ts";

const maps = "/api/v1/namespaces/t/configmaps";
const create = (test: TestSandbox, name: string) => test.send("POST", maps, { metadata: { name } });

/** Waits until a watch is open: what is made after that reaches it as an event. */
const isOpen = (test: TestSandbox) =>
  until(() => test.sandbox.requests.some((one) => one.verb === "watch" && one.status === 200) || undefined);

it("L1: dropped watches end without a word", async () => {
  const test = await testSandbox();
  const lines = test.watch(`${maps}?watch=1`, () => false);
  await create(test, "a");
  await isOpen(test);
  test.sandbox.faults.dropWatches("configmaps");
  expect((await lines).map((one) => one.type)).toEqual(["ADDED"]);
});

it("a frozen watch stays open and loses what happens", async () => {
  const test = await testSandbox();
  const lines = test.watch(`${maps}?watch=1`, (seen) => seen.at(-1)?.object.metadata.name === "after");
  await isOpen(test);
  const frozen = test.sandbox.faults.freezeWatches();
  await create(test, "during");
  frozen.thaw();
  await create(test, "after");
  expect((await lines).map((one) => one.object.metadata.name)).toEqual(["after"]);
});

it("expired history ends open watches with 410, and refuses old versions with 410", async () => {
  const test = await testSandbox();
  const { json } = await create(test, "a");
  const open = test.watch(`${maps}?watch=1`, () => false);
  await isOpen(test);
  const page = await test.send("GET", "/api/v1/namespaces?limit=1");
  await create(test, "b");
  test.sandbox.faults.expireHistory();
  expect((await open).at(-1)).toMatchObject({ type: "ERROR", object: { code: 410 } });
  const old = await test.watch(
    `${maps}?watch=1&resourceVersion=${json.metadata.resourceVersion}`,
    () => false,
  );
  expect(old).toHaveLength(1);
  expect(old[0]).toMatchObject({
    type: "ERROR",
    object: { kind: "Status", code: 410, reason: "Expired", status: "Failure" },
  });
  const next = await test.send(
    "GET",
    `/api/v1/namespaces?limit=1&continue=${encodeURIComponent(page.json.metadata.continue)}`,
  );
  expect([next.status, next.json.reason]).toEqual([410, "Expired"]);
  const fresh = (await test.send("GET", maps)).json.metadata.resourceVersion;
  const going = test.watch(`${maps}?watch=1&resourceVersion=${fresh}`, (seen) => seen.length === 1);
  await create(test, "c");
  expect((await going)[0]!.object.metadata.name).toBe("c");
});

it("events may come twice, and in the wrong order", async () => {
  const test = await testSandbox();
  const twice = test.sandbox.faults.inject({ match: { verb: "watch" }, fault: { kind: "duplicate_events" } });
  const { resourceVersion } = (await test.send("GET", maps)).json.metadata;
  for (const name of ["a", "b"]) await create(test, name);
  const names = async (count: number) =>
    (
      await test.watch(`${maps}?watch=1&resourceVersion=${resourceVersion}`, (seen) => seen.length === count)
    ).map((one) => one.object.metadata.name);
  expect(await names(4)).toEqual(["a", "a", "b", "b"]);
  twice.remove();
  test.sandbox.faults.inject({ match: { verb: "watch" }, fault: { kind: "reorder_events" } });
  expect(await names(2)).toEqual(["b", "a"]);
});

it("bookmarks come as often as told, with the version of the moment", async () => {
  const test = await testSandbox({ bookmarkMs: 30 });
  const { resourceVersion } = (await test.send("GET", maps)).json.metadata;
  const watching = test.watch(
    `${maps}?watch=1&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`,
    (seen) => seen.length >= 2,
  );
  const lines = await watching;
  expect(lines.map((one) => one.type)).toEqual(["BOOKMARK", "BOOKMARK"]);
  expect(Number(lines[1]!.object.metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(resourceVersion));
});
