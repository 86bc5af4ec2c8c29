import assert from "node:assert/strict";
import type { ContractCase } from "../cluster.ts";
import { paths, scriptJob, untilUp } from "../manifests.ts";
import { isFinished, isGone, isRunning, last, watchJob, watchPods } from "../watching.ts";

export const jobDeletion: readonly ContractCase[] = [
  {
    title: "a foreground deletion keeps the Job until its pod is dead",
    async run(cluster) {
      const { jobs: at } = paths(cluster);
      await cluster.send(
        "POST",
        at,
        scriptJob(cluster, "front", {
          script: "trap 'sleep 0.5; exit 0' TERM; echo up; while :; do sleep 0.1; done",
        }),
      );
      const pod = last(await watchPods(cluster, "front", isRunning));
      await untilUp(cluster, pod.metadata.name);
      const pods = watchPods(cluster, "front", isGone);
      const jobLines = watchJob(cluster, "front", isGone);
      const deleted = await cluster.send("DELETE", `${at}/front`, { propagationPolicy: "Foreground" });
      assert.deepEqual(
        [deleted.status, deleted.json.kind, deleted.json.metadata.finalizers],
        [200, "Job", ["foregroundDeletion"]],
      );
      const podGone = last(await pods);
      const jobGone = last(await jobLines);
      assert.ok(Number(jobGone.metadata.resourceVersion) > Number(podGone.metadata.resourceVersion));
      assert.equal(podGone.status.containerStatuses[0].state.terminated.exitCode, 0);
    },
  },
  {
    title:
      "a background deletion takes the Job at once and its pod later; without a policy the pod is orphaned",
    async run(cluster) {
      const { jobs: at, pods } = paths(cluster);
      await cluster.send("POST", at, scriptJob(cluster, "back"));
      await cluster.send("POST", at, scriptJob(cluster, "orphans"));
      await watchJob(cluster, "back", isFinished);
      await watchJob(cluster, "orphans", isFinished);
      const gone = watchPods(cluster, "back", isGone);
      const back = await cluster.send("DELETE", `${at}/back?propagationPolicy=Background`);
      assert.equal(back.json.kind, "Status");
      assert.equal((await cluster.send("GET", `${at}/back`)).status, 404);
      await gone;
      const orphaned = watchPods(
        cluster,
        "orphans",
        (lines) => last(lines).metadata.ownerReferences === undefined,
      );
      const deleted = await cluster.send("DELETE", `${at}/orphans`);
      assert.deepEqual(deleted.json.metadata.finalizers, ["orphan"]);
      const { metadata } = last(await orphaned);
      assert.equal((await cluster.send("GET", `${pods}/${metadata.name}`)).status, 200);
      await cluster.send("DELETE", `${pods}/${metadata.name}`);
    },
  },
  {
    title: "K1: a Secret goes with its Job, and one whose Job never was goes too",
    async run(cluster) {
      const { jobs: at, secrets } = paths(cluster);
      const { json: job } = await cluster.send("POST", at, scriptJob(cluster, "keeper", { suspend: true }));
      const owner = { apiVersion: "batch/v1", kind: "Job", name: "keeper", uid: job.metadata.uid };
      const dead = { ...owner, uid: "6a3a2b5a-0f3c-4a57-9c53-6ab5a5f1a111" };
      await cluster.send("POST", secrets, {
        metadata: { name: "kept", labels: { owned: "k" }, ownerReferences: [owner] },
      });
      const watch = (name: string) =>
        cluster.watch(`${secrets}?watch=1&resourceVersion=0&fieldSelector=metadata.name%3D${name}`, isGone);
      const early = watch("lost");
      await cluster.send("POST", secrets, { metadata: { name: "lost", ownerReferences: [dead] } });
      await early;
      assert.equal((await cluster.send("GET", `${secrets}/kept`)).status, 200);
      const late = watch("kept");
      await cluster.send("DELETE", `${at}/keeper?propagationPolicy=Background`);
      await late;
    },
  },
  {
    title: "C2: ttl takes a finished Job with its pods",
    async run(cluster) {
      const { jobs: at } = paths(cluster);
      const jobGone = watchJob(cluster, "ttl", isGone);
      const podGone = watchPods(cluster, "ttl", isGone);
      await cluster.send("POST", at, scriptJob(cluster, "ttl", { spec: { ttlSecondsAfterFinished: 1 } }));
      await Promise.all([jobGone, podGone]);
    },
  },
];
