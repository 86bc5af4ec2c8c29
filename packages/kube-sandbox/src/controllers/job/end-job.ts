// How a Job ends: count and judge → release the counted pods → count them for good → finish → ttl.
import { timestamp } from "../../clock.ts";
import type { Job, Pod } from "../../resources/objects.ts";
import { deleteObject } from "../../store/delete-object.ts";
import { setCondition, type Verdict } from "./conditions.ts";
import { type JobWork, say, updateStatus, writeCounts } from "./job-work.ts";
import { isTracked, type Tally, tallyPods } from "./tally.ts";

/** Deletes a finished Job when its ttl is over, or comes back then. */
export function collectAfterTtl(work: JobWork, job: Job): void {
  const { store, timers } = work.context;
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined || job.metadata.deletionTimestamp !== undefined) return;
  const end = job.status.conditions?.find((one) => one.type === "Complete" || one.type === "Failed");
  const at = Date.parse(end?.lastTransitionTime ?? "") + ttlSecondsAfterFinished * 1000;
  if (at > timers.now()) {
    work.again(job, at - timers.now());
    return;
  }
  const target = { resource: "jobs", namespace: job.metadata.namespace, name: job.metadata.name } as const;
  deleteObject({ store, now: timers.now() }, target, { propagationPolicy: "Foreground" });
}

/** Notes the ended pods as uncounted, and the verdict; the pods are released after that. */
export function noteEndedPods(work: JobWork, job: Job, tally: Tally, verdict: Verdict | undefined): void {
  const { timers, delays } = work.context;
  const uids = (pods: readonly Pod[]) => pods.map((pod) => pod.metadata.uid);
  updateStatus(work, job, (status) => {
    writeCounts(status, tally);
    const uncounted = status.uncountedTerminatedPods!;
    if (tally.newlySucceeded.length > 0) uncounted.succeeded = uids(tally.newlySucceeded);
    if (tally.newlyFailed.length > 0) uncounted.failed = uids(tally.newlyFailed);
    if (verdict !== undefined) setCondition(status, timestamp(timers.now()), { ...verdict, status: "True" });
  });
  for (const pod of [...tally.newlySucceeded, ...tally.newlyFailed]) work.pods.release(pod);
  work.again(job, delays.jobMs);
}

/** Counts for good what was noted and released. */
export function settle(work: JobWork, job: Job): Job {
  if (job.status.uncountedTerminatedPods === undefined) return job;
  return updateStatus(work, job, (status) => {
    const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
    if (succeeded.length > 0) status.succeeded = (status.succeeded ?? 0) + succeeded.length;
    if (failed.length > 0) status.failed = (status.failed ?? 0) + failed.length;
    status.uncountedTerminatedPods = {};
  });
}

function finish(work: JobWork, job: Job, verdict: Verdict): void {
  const now = timestamp(work.context.timers.now());
  const complete = verdict.type === "SuccessCriteriaMet";
  const finished = updateStatus(work, job, (status) => {
    setCondition(status, now, { ...verdict, type: complete ? "Complete" : "Failed", status: "True" });
    if (complete) status.completionTime = now;
  });
  if (complete) say(work, finished, "Completed", "Job completed");
  else say(work, finished, verdict.reason, verdict.message, "Warning");
  collectAfterTtl(work, finished);
}

/** Ends a Job on which there is a verdict, as far as its pods allow by now. */
export function endJob(work: JobWork, job: Job, pods: readonly Pod[], verdict: Verdict): void {
  for (const pod of tallyPods(job, pods).active) work.pods.delete(job, pod, { counted: true });
  const after = tallyPods(job, work.pods.of(job.metadata.uid));
  // A pod that the end of the Job deletes has failed at once, whatever the replacement policy says.
  const deleted = after.terminating.filter(isTracked);
  const ended = { ...after, newlyFailed: [...new Set([...after.newlyFailed, ...deleted])] };
  if (ended.newlySucceeded.length + ended.newlyFailed.length > 0) {
    noteEndedPods(work, job, ended, verdict);
    return;
  }
  const current = updateStatus(work, job, (status) => {
    writeCounts(status, after);
    setCondition(status, timestamp(work.context.timers.now()), { ...verdict, status: "True" });
  });
  if (after.terminating.length === 0) finish(work, current, verdict);
}
