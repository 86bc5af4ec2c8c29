import assert from "node:assert/strict";
import type { ContractCase } from "../cluster.ts";
import { paths, untilUp } from "../manifests.ts";
import { isOver, logOf, runPod, watchPod } from "../pods.ts";
import { type Json, last } from "../watching.ts";

export const podEnd: readonly ContractCase[] = [
  {
    title: "C8: a deleted pod gets SIGTERM and its grace, and shows its own exit code before it goes",
    async run(cluster) {
      const { pods: at } = paths(cluster);
      const script = "trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.1; done";
      await runPod(cluster, "graceful", { script }, (pod) => pod.status.phase === "Running");
      await untilUp(cluster, "graceful");
      const lines = watchPod(cluster, "graceful", (seen) => seen.at(-1)?.type === "DELETED");
      const deleted = await cluster.send("DELETE", `${at}/graceful`);
      assert.equal(deleted.json.metadata.deletionGracePeriodSeconds, 2);
      const end = last(await lines);
      const { terminated } = end.status.containerStatuses[0].state;
      assert.deepEqual([end.status.phase, terminated.exitCode, terminated.reason], ["Failed", 7, "Error"]);
    },
  },
  {
    title: "X2: a pod that ignores SIGTERM is killed when its grace is over: 137",
    async run(cluster) {
      const { pods: at } = paths(cluster);
      const script = "trap '' TERM; echo up; while :; do sleep 0.1; done";
      await runPod(cluster, "stubborn", { script }, (pod) => pod.status.phase === "Running");
      await untilUp(cluster, "stubborn");
      const lines = watchPod(cluster, "stubborn", (seen) => seen.at(-1)?.type === "DELETED");
      await cluster.send("DELETE", `${at}/stubborn?gracePeriodSeconds=1`);
      const { terminated } = last(await lines).status.containerStatuses[0].state;
      assert.deepEqual(
        [terminated.exitCode, terminated.reason, terminated.signal],
        [137, "Error", undefined],
      );
    },
  },
  {
    title: "L21: the log is what was written, and can be followed, cut and stamped",
    async run(cluster) {
      const { pods: at } = paths(cluster);
      const script = "echo one; echo two >&2; printf three; sleep 1; echo; printf last";
      await runPod(cluster, "log", { script }, (pod) => pod.status.phase !== "Pending");
      const followed = await logOf(cluster, "log", "?follow=true");
      assert.deepEqual(followed.split("\n").sort(), ["last", "one", "three", "two"]);
      await watchPod(cluster, "log", (lines) => isOver(last(lines)));
      assert.equal(await logOf(cluster, "log", "?tailLines=1"), "last");
      assert.equal((await logOf(cluster, "log", "?limitBytes=3")).length, 3);
      assert.match(
        await logOf(cluster, "log", "?timestamps=true&tailLines=1"),
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z last/,
      );
      assert.match(
        (await cluster.send("GET", `${at}/log/log?container=foo`)).json.message,
        /^container foo is not valid for pod log$/,
      );
    },
  },
  {
    title: "a finished pod is deleted at once",
    async run(cluster) {
      const { pods: at } = paths(cluster);
      const settled = (seen: Json): boolean =>
        isOver(seen) &&
        seen.status.conditions.some(
          (one: Json) => one.type === "PodReadyToStartContainers" && one.status === "False",
        );
      const pod = await runPod(cluster, "finished", {}, settled);
      assert.equal(pod.status.phase, "Succeeded");
      assert.deepEqual(
        pod.status.conditions.map((one: Json) => [one.type, one.status, one.reason]),
        [
          ["PodReadyToStartContainers", "False", undefined],
          ["Initialized", "True", "PodCompleted"],
          ["Ready", "False", "PodCompleted"],
          ["ContainersReady", "False", "PodCompleted"],
          ["PodScheduled", "True", undefined],
        ],
      );
      const deleted = await cluster.send("DELETE", `${at}/finished`);
      assert.equal(deleted.json.metadata.deletionGracePeriodSeconds, 0);
      assert.equal((await cluster.send("GET", `${at}/finished`)).status, 404);
    },
  },
  {
    title: "a pod's spec does not change",
    async run(cluster) {
      await runPod(cluster, "fixed", {}, isOver);
      const body = { spec: { nodeName: "elsewhere" } };
      const headers = { "content-type": "application/merge-patch+json" };
      const { status, json } = await cluster.send("PATCH", `${paths(cluster).pods}/fixed`, body, headers);
      assert.equal(status, 422);
      assert.match(
        json.message,
        /^Pod "fixed" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers\[\*\].image`/,
      );
    },
  },
];
