import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { ContractCase } from "../cluster.ts";
import { mergePatch, paths, scriptJob, untilUp } from "../manifests.ts";
import { isFinished, isGone, isRunning, last, types, watchJob, watchPods } from "../watching.ts";

const stubborn = "trap 'sleep 1; exit 3' TERM; echo up; while :; do sleep 0.1; done";

export const jobPods: readonly ContractCase[] = [
  {
    title: "C2: a pod that is deleted by hand counts as failed when it is dead, not before",
    async run(cluster) {
      const { jobs: at, pods } = paths(cluster);
      await cluster.send(
        "POST",
        at,
        scriptJob(cluster, "hand", { script: stubborn, pod: { terminationGracePeriodSeconds: 5 } }),
      );
      const pod = last(await watchPods(cluster, "hand", isRunning));
      await untilUp(cluster, pod.metadata.name);
      const seen = watchJob(cluster, "hand", isFinished);
      const gone = watchPods(cluster, "hand", isGone);
      await cluster.send("DELETE", `${pods}/${pod.metadata.name}`);
      const lines = await seen;
      const dying = lines.find(({ object }) => object.status.terminating === 1);
      assert.ok(dying, "terminating is counted");
      assert.deepEqual(
        [dying.object.status.active, dying.object.status.failed, types(dying.object)],
        [undefined, undefined, []],
      );
      const { status } = last(lines);
      assert.deepEqual([status.failed, types(last(lines))], [1, ["FailureTarget=True", "Failed=True"]]);
      assert.equal(last(await gone).status.phase, "Failed");
    },
  },
  {
    title: "with podReplacementPolicy Failed the next pod waits until the one before is dead",
    async run(cluster) {
      const { jobs: at, pods } = paths(cluster);
      const spec = { backoffLimit: 3, podReplacementPolicy: "Failed" };
      await cluster.send(
        "POST",
        at,
        scriptJob(cluster, "turn", { script: stubborn, spec, pod: { terminationGracePeriodSeconds: 5 } }),
      );
      const first = last(await watchPods(cluster, "turn", isRunning));
      await untilUp(cluster, first.metadata.name);
      const twoPods = watchPods(cluster, "turn", (lines) =>
        lines.some(({ object }) => object.metadata.uid !== first.metadata.uid),
      );
      await cluster.send("DELETE", `${pods}/${first.metadata.name}`);
      const lines = await twoPods;
      const before = lines.filter(({ object }) => object.metadata.uid === first.metadata.uid).at(-1)!;
      assert.notEqual(before.object.status.phase, "Running");
      await cluster.send("DELETE", `${at}/turn?propagationPolicy=Background`);
    },
  },
  {
    title: "a Job with two completions runs two pods side by side, and counts both",
    async run(cluster) {
      const spec = { completions: 2, parallelism: 2 };
      await cluster.send("POST", paths(cluster).jobs, scriptJob(cluster, "pair", { spec }));
      const { status } = last(await watchJob(cluster, "pair", isFinished));
      assert.deepEqual([status.succeeded, status.failed, status.active], [2, undefined, undefined]);
      const { json } = await cluster.send("GET", `${paths(cluster).pods}?labelSelector=job-name%3Dpair`);
      assert.equal(json.items.length, 2);
    },
  },
  {
    title: "a resumed Job has a new start time, and a suspended one keeps none of its pods",
    async run(cluster) {
      const { jobs: at } = paths(cluster);
      await cluster.send("POST", at, scriptJob(cluster, "restart", { script: "sleep 60" }));
      await watchPods(cluster, "restart", isRunning);
      const { startTime } = (await cluster.send("GET", `${at}/restart`)).json.status;
      const gone = watchPods(cluster, "restart", isGone);
      await cluster.send("PATCH", `${at}/restart`, { spec: { suspend: true } }, mergePatch);
      await gone;
      const paused = last(
        await watchJob(cluster, "restart", (lines) => types(last(lines)).includes("Suspended=True")),
      );
      assert.deepEqual([paused.status.failed, paused.status.active], [undefined, undefined]);
      // Times have no parts of a second.
      await delay(1100);
      await cluster.send("PATCH", `${at}/restart`, { spec: { suspend: false } }, mergePatch);
      const resumed = last(
        await watchJob(cluster, "restart", (lines) => types(last(lines)).includes("Suspended=False")),
      );
      assert.ok(Date.parse(resumed.status.startTime) > Date.parse(startTime));
      await cluster.send("DELETE", `${at}/restart?propagationPolicy=Background`);
    },
  },
  {
    title: "a finished Job takes no more pods, and its spec still cannot change",
    async run(cluster) {
      const { jobs: at } = paths(cluster);
      await cluster.send("POST", at, scriptJob(cluster, "done"));
      await watchJob(cluster, "done", isFinished);
      const body = { spec: { backoffLimit: 5, ttlSecondsAfterFinished: 600, activeDeadlineSeconds: 60 } };
      assert.equal((await cluster.send("PATCH", `${at}/done`, body, mergePatch)).status, 200);
      const more = { spec: { completions: 2 } };
      assert.equal((await cluster.send("PATCH", `${at}/done`, more, mergePatch)).status, 422);
      const dry = await cluster.send("DELETE", `${at}/done?dryRun=All&propagationPolicy=Foreground`);
      assert.deepEqual(dry.json.metadata.finalizers, ["foregroundDeletion"]);
      assert.equal((await cluster.send("GET", `${at}/done`)).json.metadata.deletionTimestamp, undefined);
    },
  },
];
