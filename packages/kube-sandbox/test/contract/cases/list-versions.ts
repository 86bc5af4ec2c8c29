import assert from "node:assert/strict";
import type { ContractCase, ContractCluster } from "../cluster.ts";
import { paths } from "../manifests.ts";
import { why } from "../refusal.ts";

const names = (items: { metadata: { name: string } }[]): string[] => items.map((one) => one.metadata.name);

/** A continue token as the API makes them, for a version of our choice. */
const tokenOf = (rv: number, start: string, v = "meta.k8s.io/v1"): string =>
  Buffer.from(JSON.stringify({ v, rv, start })).toString("base64url");

/** Three ConfigMaps with a label of their own. */
async function three(cluster: ContractCluster, label: string): Promise<number[]> {
  const versions: number[] = [];
  for (const index of [1, 2, 3]) {
    const metadata = { name: `${label}${index}`, labels: { of: label } };
    const { json } = await cluster.send("POST", paths(cluster).configmaps, { metadata });
    versions.push(Number(json.metadata.resourceVersion));
  }
  return versions;
}

export const listVersions: readonly ContractCase[] = [
  {
    title: "an exact version shows that moment, a version at least that, and a version in a get too",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const [, second] = await three(cluster, "ev");
      await cluster.send("DELETE", `${configmaps}/ev1`);
      const list = async (query: string) => {
        const { json } = await cluster.send("GET", `${configmaps}?labelSelector=of%3Dev&${query}`);
        return names(json.items);
      };
      assert.deepEqual(await list(`resourceVersionMatch=Exact&resourceVersion=${second}`), ["ev1", "ev2"]);
      assert.deepEqual(await list(""), ["ev2", "ev3"]);
      // Any older version may be answered from a cache that has not heard of the deletion yet.
      const { json } = await cluster.send("GET", configmaps);
      const now = json.metadata.resourceVersion;
      assert.deepEqual(await list(`resourceVersionMatch=NotOlderThan&resourceVersion=${now}`), [
        "ev2",
        "ev3",
      ]);
      assert.deepEqual(await list(`resourceVersion=${now}`), ["ev2", "ev3"]);
      assert.equal((await cluster.send("GET", `${configmaps}/ev2?resourceVersion=0`)).status, 200);
      assert.equal((await cluster.send("GET", `${configmaps}/ev2?resourceVersion=999999999`)).status, 504);
      assert.equal((await cluster.send("GET", `${configmaps}/ev2?watch=1`)).status, 200);
    },
  },
  {
    title: "refuses combinations of versions that make no sense",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const because = (query: string) => why(cluster, "GET", `${configmaps}?${query}`);
      const of = 'ListOptions.meta.k8s.io "" is invalid: ';
      const match = "resourceVersionMatch";
      assert.equal(
        await because(`${match}=Exact`),
        `422 ${of}${match}: Forbidden: ${match} is forbidden unless resourceVersion is provided`,
      );
      assert.equal(
        await because(`${match}=Nope&resourceVersion=5`),
        `422 ${of}${match}: Unsupported value: "Nope": supported values: "Exact", "NotOlderThan", ""`,
      );
      assert.equal(
        await because(`${match}=Exact&resourceVersion=0`),
        `422 ${of}${match}: Forbidden: ${match} "exact" is forbidden for resourceVersion "0"`,
      );
      assert.equal(
        await because("sendInitialEvents=true"),
        `422 ${of}sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list`,
      );
      assert.equal(
        await because(`limit=1&continue=${tokenOf(5, "a")}&resourceVersion=5`),
        "400 specifying resource version is not allowed when using continue",
      );
    },
  },
  {
    title: "refuses continue tokens that it did not make, and names what is wrong with them",
    async run(cluster) {
      const because = (token: string) =>
        why(cluster, "GET", `${paths(cluster).configmaps}?limit=1&continue=${token}`);
      const wrong = "400 invalid continue token: continue key is not valid: ";
      assert.equal(
        await because(tokenOf(5, "a", "v2")),
        `${wrong}server does not recognize this encoded version v2`,
      );
      assert.equal(
        await because(tokenOf(0, "a")),
        `${wrong}incorrect encoded start resourceVersion (version meta.k8s.io/v1)`,
      );
      assert.equal(await because(tokenOf(5, "")), `${wrong}encoded start key empty (version meta.k8s.io/v1)`);
    },
  },
  {
    title: "a list counts what is left, and goes on from what is there now on demand",
    async run(cluster) {
      const { claims, configmaps } = paths(cluster);
      await three(cluster, "rest");
      const first = await cluster.send("GET", `${configmaps}?limit=1`);
      assert.ok(first.json.metadata.remainingItemCount >= 2);
      const selected = await cluster.send("GET", `${configmaps}?limit=1&labelSelector=of%3Drest`);
      assert.equal(selected.json.metadata.remainingItemCount, undefined);
      const now = await cluster.send(
        "GET",
        `${configmaps}?labelSelector=of%3Drest&continue=${tokenOf(-1, "rest2\0")}`,
      );
      assert.deepEqual(names(now.json.items), ["rest3"]);
      assert.equal((await cluster.send("GET", `${claims}?limit=500`)).json.metadata.continue, undefined);
    },
  },
];

export const watchVersions: readonly ContractCase[] = [
  {
    title: "a watch sends what is there first only as it is asked, and marks the end of it",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      await three(cluster, "init");
      const seen = async (query: string) => {
        const path = `${configmaps}?watch=1&timeoutSeconds=1&labelSelector=of%3Dinit&${query}`;
        const lines = await cluster.watch(path, () => false);
        return lines.map(({ type, object }) =>
          type === "BOOKMARK" ? (object.metadata.annotations ?? "bookmark") : object.metadata.name,
        );
      };
      const whole = ["init1", "init2", "init3"];
      const end = { "k8s.io/initial-events-end": "true" };
      const streamed = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
      assert.deepEqual((await seen("")).sort(), whole);
      assert.deepEqual((await seen("resourceVersion=0")).sort(), whole);
      assert.deepEqual((await seen(`${streamed}&allowWatchBookmarks=true`)).slice(3, 4), [end]);
      assert.deepEqual((await seen(streamed)).slice(0, 3).sort(), whole);
      assert.deepEqual(await seen("sendInitialEvents=false&resourceVersionMatch=NotOlderThan"), []);
      const future = seen("resourceVersion=999999999");
      await new Promise((resolve) => setTimeout(resolve, 300));
      const late = { metadata: { name: "init4", labels: { of: "init" } } };
      await cluster.send("POST", configmaps, late);
      assert.deepEqual(await future, []);
    },
  },
  {
    title: "refuses watches that make no sense",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const because = (query: string) =>
        why(cluster, "GET", `${configmaps}?watch=1&timeoutSeconds=1&${query}`);
      const of = '422 ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: ';
      assert.equal(
        await because("sendInitialEvents=true"),
        `${of}sendInitialEvents requires setting resourceVersionMatch to NotOlderThan`,
      );
      assert.equal(
        await because("resourceVersionMatch=NotOlderThan&resourceVersion=5"),
        `${of}resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided`,
      );
      assert.equal(
        await because("labelSelector=a%20b%20c"),
        "400 unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
      );
      const seconds = await cluster.send("GET", `${configmaps}?watch=1&timeoutSeconds=abc`);
      assert.equal(seconds.status, 400);
    },
  },
  {
    title: "selectors compare numbers, take escapes, and refuse bad keys",
    async run(cluster) {
      const { configmaps, jobs } = paths(cluster);
      for (const [name, count] of [
        ["n5", "5"],
        ["n50", "50"],
      ])
        await cluster.send("POST", configmaps, { metadata: { name, labels: { count } } });
      const select = async (query: string) =>
        names((await cluster.send("GET", `${configmaps}?${query}`)).json.items);
      assert.deepEqual(await select("labelSelector=count%3E10"), ["n50"]);
      assert.deepEqual(await select("labelSelector=count%3C10"), ["n5"]);
      assert.deepEqual(await select("fieldSelector=metadata.name%3Dn5,,"), ["n5"]);
      assert.deepEqual(await select("fieldSelector=metadata.name%3Da%5C,b"), []);
      const because = (path: string) => why(cluster, "GET", path);
      assert.equal(
        await because(`${configmaps}?labelSelector=,,`),
        "400 found ',', expected: !, identifier, or 'end of string'",
      );
      assert.equal(
        await because(`${configmaps}?labelSelector=%2Fa%3Db`),
        '400 unable to parse requirement: <nil>: Invalid value: "/a": prefix part must be non-empty',
      );
      assert.equal(
        await because(`${jobs}?fieldSelector=status.active%3D1`),
        '400 field label "status.active" not supported for Job',
      );
    },
  },
];
