// From pods to the status of their Job, in the steps and the order of the real controller:
// count and judge → release the counted pods → count them for good → finish when no pod is left.
import { timestamp } from "../../clock.ts";
import type { Job, JobStatus, Pod } from "../../resources/objects.ts";
import { controllerOf } from "../../resources/parts.ts";
import { deleteObject } from "../../store/delete-object.ts";
import type { ControllerContext } from "../context.ts";
import type { Owners } from "../owners.ts";
import { createWorkQueue } from "../work-queue.ts";
import { hasCondition, isFinished, setCondition, type Verdict, writtenVerdict } from "./conditions.ts";
import { createJobPods } from "./job-pods.ts";
import { isTracked, type Tally, tallyPods, wantedPods } from "./tally.ts";
import { deadlineOf, judge } from "./verdict.ts";

/** Starts the Job controller. */
export function startJobController(context: ControllerContext, owners: Owners): void {
  const { store, timers, delays, events } = context;
  const jobPods = createJobPods(context, owners);
  const retryAt = new Map<string, { failures: number; at: number }>();

  const update = (job: Job, edit: (status: JobStatus) => void): Job =>
    store.change("jobs", job.metadata.namespace, job.metadata.name, ({ status }) => edit(status)) as Job;

  const say = (job: Job, reason: string, message: string, type: "Normal" | "Warning" = "Normal"): void =>
    events({ about: job, reason, message, type, component: "job-controller" });

  /** Counts as they stand; zeros that the real controller leaves out are left out. */
  const count = (status: JobStatus, tally: Tally): void => {
    if (tally.active.length > 0) status.active = tally.active.length;
    else delete status.active;
    status.terminating = tally.terminating.length;
    status.uncountedTerminatedPods ??= {};
    status.ready = tally.ready;
  };

  const collectAfterTtl = (job: Job): void => {
    const { ttlSecondsAfterFinished } = job.spec;
    if (ttlSecondsAfterFinished === undefined || job.metadata.deletionTimestamp !== undefined) return;
    const end = job.status.conditions?.find((one) => one.type === "Complete" || one.type === "Failed");
    const at = Date.parse(end?.lastTransitionTime ?? "") + ttlSecondsAfterFinished * 1000;
    if (at > timers.now()) {
      queue.add(job.metadata.uid, at - timers.now());
      return;
    }
    const target = { resource: "jobs", namespace: job.metadata.namespace, name: job.metadata.name } as const;
    deleteObject({ store, now: timers.now() }, target, { propagationPolicy: "Foreground" });
  };

  /** Notes the ended pods as uncounted, and the verdict; the pods are released after that. */
  const note = (job: Job, tally: Tally, verdict: Verdict | undefined): void => {
    const uids = (pods: readonly Pod[]) => pods.map((pod) => pod.metadata.uid);
    update(job, (status) => {
      count(status, tally);
      const uncounted = status.uncountedTerminatedPods!;
      if (tally.newlySucceeded.length > 0) uncounted.succeeded = uids(tally.newlySucceeded);
      if (tally.newlyFailed.length > 0) uncounted.failed = uids(tally.newlyFailed);
      const now = timestamp(timers.now());
      if (verdict !== undefined) setCondition(status, now, { ...verdict, status: "True" });
    });
    for (const pod of [...tally.newlySucceeded, ...tally.newlyFailed]) jobPods.release(pod);
    queue.add(job.metadata.uid, delays.jobMs);
  };

  /** Pods that were noted and released: counted for good. */
  const settle = (job: Job): Job =>
    update(job, (status) => {
      const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
      if (succeeded.length > 0) status.succeeded = (status.succeeded ?? 0) + succeeded.length;
      if (failed.length > 0) status.failed = (status.failed ?? 0) + failed.length;
      status.uncountedTerminatedPods = {};
    });

  const finish = (job: Job, verdict: Verdict): void => {
    const now = timestamp(timers.now());
    const complete = verdict.type === "SuccessCriteriaMet";
    const finished = update(job, (status) => {
      setCondition(status, now, { ...verdict, type: complete ? "Complete" : "Failed", status: "True" });
      if (complete) status.completionTime = now;
    });
    if (complete) say(finished, "Completed", "Job completed");
    else say(finished, verdict.reason, verdict.message, "Warning");
    collectAfterTtl(finished);
  };

  const end = (job: Job, pods: readonly Pod[], verdict: Verdict): void => {
    for (const pod of tallyPods(job, pods).active) jobPods.delete(job, pod, { counted: true });
    const after = tallyPods(job, jobPods.of(job.metadata.uid));
    // A pod that the end of the Job deletes has failed at once, whatever the replacement policy says.
    const ended = {
      ...after,
      newlyFailed: [...new Set([...after.newlyFailed, ...after.terminating.filter(isTracked)])],
    };
    if (ended.newlySucceeded.length + ended.newlyFailed.length > 0) {
      note(job, ended, verdict);
      return;
    }
    const settled = settle(job);
    const current = update(settled, (status) => {
      count(status, after);
      setCondition(status, timestamp(timers.now()), { ...verdict, status: "True" });
    });
    if (after.terminating.length === 0) finish(current, verdict);
  };

  const suspend = (job: Job, tally: Tally): void => {
    for (const pod of tally.active) jobPods.delete(job, pod, { counted: false });
    const after = tallyPods(job, jobPods.of(job.metadata.uid));
    const was = hasCondition(job.status, "Suspended");
    const condition = {
      type: "Suspended",
      status: "True",
      reason: "JobSuspended",
      message: "Job suspended",
    } as const;
    const suspended = update(job, (status) => {
      setCondition(status, timestamp(timers.now()), condition);
      count(status, after);
    });
    if (!was) say(suspended, "Suspended", "Job suspended");
  };

  const run = (job: Job, tally: Tally): void => {
    const resumed = hasCondition(job.status, "Suspended");
    const wanted = wantedPods(job, tally, job.status.succeeded ?? 0);
    const wait = replacementDelay(job);
    if (wanted > 0 && wait > 0) queue.add(job.metadata.uid, wait);
    for (let made = 0; wait <= 0 && made < wanted; made += 1) jobPods.create(job);
    const after = tallyPods(job, jobPods.of(job.metadata.uid));
    const now = timestamp(timers.now());
    const running = update(job, (status) => {
      if (resumed) {
        const condition = {
          type: "Suspended",
          status: "False",
          reason: "JobResumed",
          message: "Job resumed",
        } as const;
        setCondition(status, now, condition);
        status.startTime = now;
      }
      status.startTime ??= now;
      count(status, after);
    });
    if (resumed) say(running, "Resumed", "Job resumed");
    const deadline = deadlineOf(running);
    if (deadline !== undefined) queue.add(job.metadata.uid, Math.max(0, deadline - timers.now()));
  };

  /** Failed pods are replaced after a delay that doubles. */
  function replacementDelay(job: Job): number {
    const { uid } = job.metadata;
    const failures = job.status.failed ?? 0;
    if (failures === 0) return 0;
    const before = retryAt.get(uid);
    if (before?.failures !== failures) {
      retryAt.set(uid, {
        failures,
        at: timers.now() + Math.min(360_000, delays.replaceMs * 2 ** (failures - 1)),
      });
    }
    return retryAt.get(uid)!.at - timers.now();
  }

  const sync = (uid: string): void => {
    const pods = jobPods.of(uid);
    const reference = owners.find(uid);
    const job = reference && store.get("jobs", reference.namespace, reference.name);
    if (job === undefined || job.metadata.deletionTimestamp !== undefined) {
      retryAt.delete(uid);
      for (const pod of pods.filter(isTracked)) jobPods.release(pod);
      if (job !== undefined && !isFinished(job)) update(job, (status) => count(status, tallyPods(job, pods)));
      return;
    }
    if (isFinished(job)) {
      for (const pod of pods.filter(isTracked)) jobPods.release(pod);
      collectAfterTtl(job);
      return;
    }
    const tally = tallyPods(job, pods);
    const verdict = writtenVerdict(job.status) ?? judge(job, tally, timers.now());
    if (verdict !== undefined) end(job, pods, verdict);
    else if (tally.newlySucceeded.length + tally.newlyFailed.length > 0) note(job, tally, undefined);
    else {
      const settled = settle(job);
      if (settled.spec.suspend === true) suspend(settled, tally);
      else run(settled, tally);
    }
  };

  const queue = createWorkQueue(timers, sync);
  store.subscribe("jobs", ({ object, type }) => {
    // A deleted Job leaves tracked pods behind, which nobody else would release.
    const delay = type === "ADDED" ? 0 : delays.jobMs;
    queue.add(object.metadata.uid, delay);
  });
  store.subscribe("pods", ({ object }) => {
    const owner = controllerOf(object.metadata);
    if (owner?.kind === "Job") queue.add(owner.uid, delays.jobMs);
  });
}
