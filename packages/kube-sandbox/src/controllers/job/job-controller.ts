// From pods to the status of their Job, in the steps and the order of the real controller.
import { controllerOf } from "../../resources/parts.ts";
import type { ControllerContext } from "../context.ts";
import type { Owners } from "../owners.ts";
import { createWorkQueue } from "../work-queue.ts";
import { isFinished, writtenVerdict } from "./conditions.ts";
import { collectAfterTtl, endJob, noteEndedPods, settle } from "./end-job.ts";
import { createJobPods } from "./job-pods.ts";
import { type JobWork, updateStatus, writeCounts } from "./job-work.ts";
import { createReplacementDelays } from "./replacement-delay.ts";
import { runJob, suspendJob } from "./run-job.ts";
import { isTracked, tallyPods } from "./tally.ts";
import { judge } from "./verdict.ts";

/** One look at a Job; false if it is gone or going. */
function syncJob(work: JobWork, owners: Owners, uid: string): boolean {
  const { store, timers } = work.context;
  const pods = work.pods.of(uid);
  const reference = owners.find(uid);
  const job = reference && store.get("jobs", reference.namespace, reference.name);
  if (job === undefined || job.metadata.deletionTimestamp !== undefined) {
    // A deleted Job leaves tracked pods behind, which nobody else would release.
    for (const pod of pods.filter(isTracked)) work.pods.release(pod);
    if (job !== undefined && !isFinished(job)) {
      updateStatus(work, job, (status) => writeCounts(status, tallyPods(job, pods)));
    }
    return false;
  }
  if (isFinished(job)) {
    for (const pod of pods.filter(isTracked)) work.pods.release(pod);
    collectAfterTtl(work, job);
    return true;
  }
  // What was noted before is counted first: the next note would take its place.
  const settled = settle(work, job);
  const tally = tallyPods(settled, pods);
  const verdict = writtenVerdict(settled.status) ?? judge(settled, tally, timers.now());
  if (verdict !== undefined) endJob(work, settled, pods, verdict);
  else if (tally.newlySucceeded.length + tally.newlyFailed.length > 0)
    noteEndedPods(work, settled, tally, undefined);
  else if (settled.spec.suspend === true) suspendJob(work, settled, tally);
  else runJob(work, settled, tally);
  return true;
}

/** Starts the Job controller. */
export function startJobController(context: ControllerContext, owners: Owners): void {
  const { store, timers, delays } = context;
  const replacements = createReplacementDelays(() => timers.now(), delays.replaceMs);
  const queue = createWorkQueue(timers, (uid) => {
    if (!syncJob(work, owners, uid)) replacements.forget(uid);
  });
  const work: JobWork = {
    context,
    pods: createJobPods(context, owners),
    again: (job, delayMs) => queue.add(job.metadata.uid, delayMs),
    replacementDelay: replacements.of,
  };
  store.subscribe("jobs", ({ object, type }) => {
    queue.add(object.metadata.uid, type === "ADDED" ? 0 : delays.jobMs);
  });
  store.subscribe("pods", ({ object }) => {
    const owner = controllerOf(object.metadata);
    if (owner?.kind === "Job") queue.add(owner.uid, delays.jobMs);
  });
}
