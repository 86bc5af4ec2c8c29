import assert from "node:assert/strict";
import type { ContractCase } from "../cluster.ts";
import { mergePatch, paths } from "../manifests.ts";

const names = (items: { metadata: { name: string } }[]): string[] => items.map((one) => one.metadata.name);

export const lists: readonly ContractCase[] = [
  {
    title: "lists in the order of names, by labels and by fields",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      for (const [name, labels] of [
        ["l2", { set: "l", v: "2" }],
        ["l1", { set: "l", v: "1" }],
        ["l3", { set: "l" }],
      ] as const) {
        await cluster.send("POST", configmaps, { metadata: { name, labels } });
      }
      const select = async (labels: string, fields = "") => {
        const query = `labelSelector=${encodeURIComponent(`set=l${labels}`)}&fieldSelector=${encodeURIComponent(fields)}`;
        return names((await cluster.send("GET", `${configmaps}?${query}`)).json.items);
      };
      assert.deepEqual(await select(""), ["l1", "l2", "l3"]);
      assert.deepEqual(await select(",v"), ["l1", "l2"]);
      assert.deepEqual(await select(",!v"), ["l3"]);
      assert.deepEqual(await select(",v!=1"), ["l2", "l3"]);
      assert.deepEqual(await select(",v in (1,2)"), ["l1", "l2"]);
      assert.deepEqual(await select(",v notin (1)"), ["l2", "l3"]);
      assert.deepEqual(await select("", "metadata.name=l2"), ["l2"]);
      assert.deepEqual(await select("", "metadata.name!=l2"), ["l1", "l3"]);
    },
  },
  {
    title: "pages show one moment, and items do not repeat their kind",
    async run(cluster) {
      const { secrets } = paths(cluster);
      for (const name of ["p1", "p2", "p3"])
        await cluster.send("POST", secrets, { metadata: { name, labels: { page: "p" } } });
      const first = await cluster.send("GET", `${secrets}?labelSelector=page%3Dp&limit=2`);
      assert.equal(first.json.kind, "SecretList");
      assert.equal(first.json.items[0].kind, undefined);
      assert.deepEqual(names(first.json.items), ["p1", "p2"]);
      await cluster.send("POST", secrets, { metadata: { name: "p2x", labels: { page: "p" } } });
      await cluster.send("POST", secrets, { metadata: { name: "p4", labels: { page: "p" } } });
      const token = encodeURIComponent(first.json.metadata.continue);
      const second = await cluster.send("GET", `${secrets}?labelSelector=page%3Dp&limit=2&continue=${token}`);
      assert.deepEqual(names(second.json.items), ["p3"]);
      assert.equal(second.json.metadata.continue, undefined);
      assert.equal(second.json.metadata.resourceVersion, first.json.metadata.resourceVersion);
    },
  },
  {
    title: "a list of a namespace that is not there is empty",
    async run(cluster) {
      const { status, json } = await cluster.send("GET", "/api/v1/namespaces/sbx-none/pods");
      assert.deepEqual([status, json.items], [200, []]);
    },
  },
  {
    title: "a watch continues from a version, and tells what enters and leaves its selection",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const { json } = await cluster.send("POST", configmaps, {
        metadata: { name: "w", labels: { on: "yes" } },
      });
      const at = `${configmaps}/w`;
      await cluster.send("PATCH", at, { data: { a: "1" } }, mergePatch);
      await cluster.send("PATCH", at, { metadata: { labels: { on: "no" } } }, mergePatch);
      await cluster.send("PATCH", at, { data: { a: "2" } }, mergePatch);
      await cluster.send("PATCH", at, { metadata: { labels: { on: "yes" } } }, mergePatch);
      await cluster.send("DELETE", at);
      const query = `watch=1&labelSelector=on%3Dyes&fieldSelector=metadata.name%3Dw&resourceVersion=${json.metadata.resourceVersion}`;
      const lines = await cluster.watch(`${configmaps}?${query}`, (seen) => seen.length >= 4);
      assert.deepEqual(
        lines.map(({ type, object }) => [type, object.data?.a]),
        [
          ["MODIFIED", "1"],
          ["DELETED", "1"],
          ["ADDED", "2"],
          ["DELETED", "2"],
        ],
      );
      const versions = lines.map(({ object }) => Number(object.metadata.resourceVersion));
      assert.deepEqual(
        versions,
        [...versions].sort((left, right) => left - right),
      );
    },
  },
  {
    title: "a watch without a version starts with what is there, and ends with its timeout",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      await cluster.send("POST", configmaps, { metadata: { name: "start", labels: { start: "s" } } });
      const query = "watch=1&labelSelector=start%3Ds&timeoutSeconds=1&allowWatchBookmarks=true";
      const lines = await cluster.watch(`${configmaps}?${query}`, () => false);
      assert.deepEqual(lines.map(({ type }) => type).slice(0, 2), ["ADDED", "BOOKMARK"]);
      const bookmark = lines[1]!.object;
      assert.equal(bookmark.kind, "ConfigMap");
      assert.match(bookmark.metadata.resourceVersion, /^\d+$/);
    },
  },
  {
    title: "a version that is still to come is answered with 504 and Retry-After",
    async run(cluster) {
      const { status, json } = await cluster.send(
        "GET",
        `${paths(cluster).configmaps}?resourceVersion=99999999`,
      );
      assert.equal(status, 504);
      assert.deepEqual([json.reason, json.details.retryAfterSeconds], ["Timeout", 1]);
      assert.deepEqual(json.details.causes, [
        { reason: "ResourceVersionTooLarge", message: "Too large resource version" },
      ]);
    },
  },
];
