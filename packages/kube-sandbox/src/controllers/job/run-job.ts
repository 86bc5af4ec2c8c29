// A Job on which there is no verdict: suspended, it has no pods; running, it has as many as it wants.
import { timestamp } from "../../clock.ts";
import type { Job } from "../../resources/objects.ts";
import { hasCondition, setCondition } from "./conditions.ts";
import { type JobWork, say, updateStatus, writeCounts } from "./job-work.ts";
import { type Tally, tallyPods, wantedPods } from "./tally.ts";
import { deadlineOf } from "./verdict.ts";

/** Deletes the pods of a suspended Job, without counting them. */
export function suspendJob(work: JobWork, job: Job, tally: Tally): void {
  for (const pod of tally.active) work.pods.delete(job, pod, { counted: false });
  const after = tallyPods(job, work.pods.of(job.metadata.uid));
  const was = hasCondition(job.status, "Suspended");
  const condition = {
    type: "Suspended",
    status: "True",
    reason: "JobSuspended",
    message: "Job suspended",
  } as const;
  const suspended = updateStatus(work, job, (status) => {
    setCondition(status, timestamp(work.context.timers.now()), condition);
    writeCounts(status, after);
  });
  if (!was) say(work, suspended, "Suspended", "Job suspended");
}

function createWantedPods(work: JobWork, job: Job, tally: Tally): void {
  const wanted = wantedPods(job, tally, job.status.succeeded ?? 0);
  if (wanted === 0) return;
  const wait = work.replacementDelay(job);
  if (wait > 0) work.again(job, wait);
  else for (let made = 0; made < wanted; made += 1) work.pods.create(job);
}

/** Makes the pods that a Job wants, and starts its clock. */
export function runJob(work: JobWork, job: Job, tally: Tally): void {
  const { timers } = work.context;
  const resumed = hasCondition(job.status, "Suspended");
  createWantedPods(work, job, tally);
  const after = tallyPods(job, work.pods.of(job.metadata.uid));
  const now = timestamp(timers.now());
  const running = updateStatus(work, job, (status) => {
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
    writeCounts(status, after);
  });
  if (resumed) say(work, running, "Resumed", "Job resumed");
  const deadline = deadlineOf(running);
  if (deadline !== undefined) work.again(job, Math.max(0, deadline - timers.now()));
}
