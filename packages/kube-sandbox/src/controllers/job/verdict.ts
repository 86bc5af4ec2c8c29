// Decides whether a Job ends, and as what. Pure.
import type { Job } from "../../resources/objects.ts";
import type { Verdict } from "./conditions.ts";
import type { Tally } from "./tally.ts";

/** When the Job's deadline passes, in ms since the epoch; it starts again with each resume. */
export function deadlineOf(job: Job): number | undefined {
  const { activeDeadlineSeconds, suspend } = job.spec;
  const { startTime } = job.status;
  if (activeDeadlineSeconds === undefined || startTime === undefined || suspend === true) return undefined;
  return Date.parse(startTime) + activeDeadlineSeconds * 1000;
}

/** The verdict on a Job that has none yet. */
export function judge(job: Job, tally: Tally, now: number): Verdict | undefined {
  const { completions = 1, backoffLimit = 6 } = job.spec;
  const failed = (job.status.failed ?? 0) + tally.newlyFailed.length;
  const succeeded = (job.status.succeeded ?? 0) + tally.newlySucceeded.length;
  const deadline = deadlineOf(job);
  if (failed > backoffLimit) {
    const message = "Job has reached the specified backoff limit";
    return { type: "FailureTarget", reason: "BackoffLimitExceeded", message };
  }
  if (deadline !== undefined && deadline <= now) {
    const message = "Job was active longer than specified deadline";
    return { type: "FailureTarget", reason: "DeadlineExceeded", message };
  }
  if (succeeded >= completions && !(job.spec.suspend === true && completions === 0)) {
    const message = "Reached expected number of succeeded pods";
    return { type: "SuccessCriteriaMet", reason: "CompletionsReached", message };
  }
  return undefined;
}
