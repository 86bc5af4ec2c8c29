import assert from "node:assert/strict";
import type { ContractCase, ContractCluster } from "../cluster.ts";
import { mergePatch, paths } from "../manifests.ts";
import { isGone, last } from "../watching.ts";

interface Owner {
  readonly name: string;
  readonly uid: string;
}

async function make(
  cluster: ContractCluster,
  name: string,
  owners: readonly object[] = [],
  finalizers: string[] = [],
): Promise<Owner> {
  const metadata = { name, ownerReferences: owners, finalizers };
  const { json, status, text } = await cluster.send("POST", paths(cluster).configmaps, { metadata });
  assert.equal(status, 201, text);
  return { name, uid: json.metadata.uid };
}

const owner = ({ name, uid }: Owner, more: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  name,
  uid,
  ...more,
});

function watch(cluster: ContractCluster, name: string, enough: Parameters<ContractCluster["watch"]>[1]) {
  return cluster.watch(
    `${paths(cluster).configmaps}?watch=1&resourceVersion=0&fieldSelector=metadata.name%3D${name}`,
    enough,
  );
}

export const collection: readonly ContractCase[] = [
  {
    title: "in the foreground an owner waits for what blocks it, and only for that",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const top = await make(cluster, "top");
      await make(cluster, "blocks", [owner(top, { blockOwnerDeletion: true })], ["example.com/hold"]);
      await make(cluster, "beside", [owner(top)], ["example.com/hold"]);
      const marked = watch(
        cluster,
        "blocks",
        (lines) => last(lines).metadata.deletionTimestamp !== undefined,
      );
      await cluster.send("DELETE", `${configmaps}/top?propagationPolicy=Foreground`);
      await marked;
      const waiting = await cluster.send("GET", `${configmaps}/top`);
      assert.deepEqual(waiting.json.metadata.finalizers, ["foregroundDeletion"]);
      const gone = watch(cluster, "top", isGone);
      await cluster.send("PATCH", `${configmaps}/blocks`, { metadata: { finalizers: null } }, mergePatch);
      await gone;
      assert.equal((await cluster.send("GET", `${configmaps}/beside`)).status, 200);
      await cluster.send("PATCH", `${configmaps}/beside`, { metadata: { finalizers: null } }, mergePatch);
    },
  },
  {
    title: "what has another owner stays, and forgets the one that is gone",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const [one, two] = [await make(cluster, "one"), await make(cluster, "two")];
      await make(cluster, "shared", [owner(one), owner(two)]);
      const left = watch(cluster, "shared", (lines) => last(lines).metadata.ownerReferences.length === 1);
      await cluster.send("DELETE", `${configmaps}/one`);
      assert.deepEqual(last(await left).metadata.ownerReferences, [owner(two)]);
      const gone = watch(cluster, "shared", isGone);
      await cluster.send("DELETE", `${configmaps}/two`);
      await gone;
    },
  },
  {
    title: "an orphan loses its reference and stays",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const parent = await make(cluster, "parent");
      await make(cluster, "child", [owner(parent)]);
      const left = watch(cluster, "child", (lines) => last(lines).metadata.ownerReferences === undefined);
      const gone = watch(cluster, "parent", isGone);
      await cluster.send("DELETE", `${configmaps}/parent?propagationPolicy=Orphan`);
      await Promise.all([left, gone]);
      assert.equal((await cluster.send("GET", `${configmaps}/child`)).status, 200);
    },
  },
  {
    title: "an owner of another uid is no owner, and a second controller is refused",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const first = await make(cluster, "again");
      await cluster.send("DELETE", `${configmaps}/again`);
      await make(cluster, "again");
      const gone = watch(cluster, "of-the-first", isGone);
      await make(cluster, "of-the-first", [owner(first)]);
      await gone;
      const two = [
        owner(first, { controller: true }),
        owner({ name: "other", uid: "u" }, { controller: true }),
      ];
      const { status, json } = await cluster.send("POST", configmaps, {
        metadata: { name: "two", ownerReferences: two },
      });
      assert.equal(status, 422);
      assert.match(json.message, /Only one reference can have Controller set to true/);
    },
  },
];
