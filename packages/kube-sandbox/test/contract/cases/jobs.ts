import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { ContractCase } from "../cluster.ts";
import { mergePatch, paths, scriptJob } from "../manifests.ts";
import { distinct, isFinished, isGone, isRunning, last, types, watchJob, watchPods } from "../watching.ts";

export const jobs: readonly ContractCase[] = [
  {
    title:
      "a suspended Job has no pods; resumed, it makes one, and completes in the real order of conditions",
    async run(cluster) {
      const { jobs: at, pods } = paths(cluster);
      await cluster.send("POST", at, scriptJob(cluster, "resumed", { suspend: true, script: "sleep 0.5" }));
      await watchJob(cluster, "resumed", (lines) => types(last(lines)).includes("Suspended=True"));
      const none = await cluster.send("GET", `${pods}?labelSelector=job-name%3Dresumed`);
      assert.deepEqual(none.json.items, []);
      const seen = watchJob(cluster, "resumed", isFinished);
      await cluster.send("PATCH", `${at}/resumed`, { spec: { suspend: false } }, mergePatch);
      const lines = await seen;
      assert.deepEqual(distinct(lines.map(({ object }) => types(object))).slice(-3), [
        ["Suspended=False"],
        ["Suspended=False", "SuccessCriteriaMet=True"],
        ["Suspended=False", "SuccessCriteriaMet=True", "Complete=True"],
      ]);
      const { status } = last(lines);
      const { startTime, completionTime, conditions, ...counts } = status;
      assert.ok(Date.parse(completionTime) >= Date.parse(startTime));
      assert.deepEqual(counts, { succeeded: 1, terminating: 0, uncountedTerminatedPods: {}, ready: 0 });
      assert.deepEqual(
        conditions.map((one: { reason: string; message: string }) => [one.reason, one.message]),
        [
          ["JobResumed", "Job resumed"],
          ["CompletionsReached", "Reached expected number of succeeded pods"],
          ["CompletionsReached", "Reached expected number of succeeded pods"],
        ],
      );
    },
  },
  {
    title: "C1: a pod's end shows in its container first, then in its phase, then in its Job",
    async run(cluster) {
      const { jobs: at } = paths(cluster);
      const pods = watchPods(
        cluster,
        "ordered",
        (lines) => last(lines)?.status.phase === "Failed" && last(lines).metadata.finalizers === undefined,
      );
      await cluster.send("POST", at, scriptJob(cluster, "ordered", { script: "sleep 2.5; exit 3" }));
      const lines = await pods;
      const states = lines.map(({ object }) => [
        object.status.phase,
        Object.keys(object.status.containerStatuses?.[0]?.state ?? {})[0],
        object.metadata.finalizers?.length ?? 0,
      ]);
      const order = [
        ["Pending", undefined, 1],
        ["Pending", "waiting", 1],
        ["Running", "running", 1],
        ["Running", "terminated", 1],
        ["Failed", "terminated", 1],
        ["Failed", "terminated", 0],
      ];
      // A kubelet that is behind tells of two at once; none comes before another's time, and the last ones always come.
      const seen = distinct(states);
      assert.deepEqual(
        seen,
        order.filter((one) => seen.some((state) => isDeepStrictEqual(state, one))),
      );
      assert.deepEqual(seen.slice(-2), order.slice(-2));
      const { terminated } = last(lines).status.containerStatuses[0].state;
      assert.deepEqual([terminated.exitCode, terminated.reason, terminated.signal], [3, "Error", undefined]);
      const job = last(await watchJob(cluster, "ordered", isFinished));
      assert.deepEqual(types(job), ["FailureTarget=True", "Failed=True"]);
      assert.equal(job.status.conditions[1].reason, "BackoffLimitExceeded");
      assert.equal(job.status.failed, 1);
    },
  },
  {
    title: "a pod carries its Job's labels, owner and finalizer, and the API's defaults",
    async run(cluster) {
      const { jobs: at } = paths(cluster);
      const { json: job } = await cluster.send("POST", at, scriptJob(cluster, "owned"));
      const { object: pod } = (await watchPods(cluster, "owned", (lines) => lines.length > 0))[0]!;
      const { uid } = job.metadata;
      assert.match(pod.metadata.name, /^owned-[a-z0-9]{5}$/);
      assert.equal(pod.metadata.generateName, "owned-");
      assert.deepEqual(pod.metadata.labels, {
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": "owned",
        "controller-uid": uid,
        "job-name": "owned",
        contract: "owned",
      });
      assert.deepEqual(pod.metadata.ownerReferences, [
        {
          apiVersion: "batch/v1",
          kind: "Job",
          name: "owned",
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ]);
      const {
        serviceAccountName,
        serviceAccount,
        enableServiceLinks,
        priority,
        preemptionPolicy,
        restartPolicy,
      } = pod.spec;
      assert.deepEqual(
        [serviceAccountName, serviceAccount, enableServiceLinks, priority, preemptionPolicy, restartPolicy],
        ["default", "default", true, 0, "PreemptLowerPriority", "Never"],
      );
      assert.deepEqual(
        pod.spec.tolerations.map((one: { key: string }) => one.key),
        ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"],
      );
    },
  },
  {
    title: "a deadline ends the pod first, and the Job when the pod is gone",
    async run(cluster) {
      const { jobs: at } = paths(cluster);
      const choices = {
        script: "trap 'exit 0' TERM; while :; do sleep 0.1; done",
        spec: { activeDeadlineSeconds: 3 },
      };
      await cluster.send("POST", at, scriptJob(cluster, "deadline", choices));
      const pods = watchPods(cluster, "deadline", isGone);
      const lines = await watchJob(cluster, "deadline", isFinished);
      assert.deepEqual(distinct(lines.map(({ object }) => types(object))).slice(-2), [
        ["FailureTarget=True"],
        ["FailureTarget=True", "Failed=True"],
      ]);
      const { status } = last(lines);
      assert.deepEqual([status.failed, status.terminating, status.active], [1, 0, undefined]);
      assert.deepEqual(
        [status.conditions[1].reason, status.conditions[1].message],
        ["DeadlineExceeded", "Job was active longer than specified deadline"],
      );
      assert.equal(last(await pods).metadata.deletionGracePeriodSeconds, 0);
    },
  },
  {
    title: "suspending a running Job ends its pod uncounted, and resuming makes another",
    async run(cluster) {
      const { jobs: at } = paths(cluster);
      await cluster.send("POST", at, scriptJob(cluster, "paused", { script: "sleep 30" }));
      const first = last(await watchPods(cluster, "paused", isRunning));
      const gone = watchPods(cluster, "paused", isGone);
      await cluster.send("PATCH", `${at}/paused`, { spec: { suspend: true } }, mergePatch);
      await gone;
      const paused = await watchJob(
        cluster,
        "paused",
        (lines) => last(lines).status.terminating === 0 && types(last(lines)).includes("Suspended=True"),
      );
      assert.equal(last(paused).status.failed, undefined);
      await cluster.send("PATCH", `${at}/paused`, { spec: { suspend: false } }, mergePatch);
      const second = last(await watchPods(cluster, "paused", isRunning));
      assert.notEqual(second.metadata.uid, first.metadata.uid);
      await cluster.send("DELETE", `${at}/paused?propagationPolicy=Background`);
    },
  },
  {
    title: "a Job that is resumed after its old deadline fails at once, without a pod",
    async run(cluster) {
      const { jobs: at } = paths(cluster);
      await cluster.send("POST", at, scriptJob(cluster, "overslept", { script: "sleep 60" }));
      await watchPods(cluster, "overslept", isRunning);
      const gone = watchPods(cluster, "overslept", isGone);
      await cluster.send("PATCH", `${at}/overslept`, { spec: { suspend: true } }, mergePatch);
      await gone;
      await new Promise((resolve) => setTimeout(resolve, 1100));
      const late = { spec: { suspend: false, activeDeadlineSeconds: 1 } };
      await watchJob(cluster, "overslept", (lines) => types(last(lines)).includes("Suspended=True"));
      await cluster.send("PATCH", `${at}/overslept`, late, mergePatch);
      const job = last(await watchJob(cluster, "overslept", isFinished));
      assert.deepEqual(types(job), ["Suspended=True", "FailureTarget=True", "Failed=True"]);
      assert.equal(job.status.failed, undefined);
    },
  },
  {
    title: "failed pods are replaced up to the backoff limit",
    async run(cluster) {
      const { jobs: at } = paths(cluster);
      await cluster.send(
        "POST",
        at,
        scriptJob(cluster, "retried", { script: "exit 1", spec: { backoffLimit: 1 } }),
      );
      const lines = await watchJob(cluster, "retried", isFinished);
      assert.equal(last(lines).status.failed, 2);
      assert.equal(last(lines).status.conditions.at(-1).reason, "BackoffLimitExceeded");
    },
  },
];
