// The conditions of a Job: read and written, in the order in which the real controller writes them.
import type { Condition, Job, JobStatus } from "../../resources/objects.ts";

export function hasCondition(status: JobStatus, type: string): boolean {
  return status.conditions?.some((one) => one.type === type && one.status === "True") === true;
}

/** Whether a Job has ended for good. */
export function isFinished(job: Job): boolean {
  return hasCondition(job.status, "Complete") || hasCondition(job.status, "Failed");
}

/** Why a Job ends, from the moment that it is decided. */
export interface Verdict {
  readonly type: "SuccessCriteriaMet" | "FailureTarget";
  readonly reason: string;
  readonly message: string;
}

/** The verdict that was written before, if any. */
export function writtenVerdict(status: JobStatus): Verdict | undefined {
  const found = status.conditions?.find(
    (one) => (one.type === "SuccessCriteriaMet" || one.type === "FailureTarget") && one.status === "True",
  );
  return (
    found && { type: found.type as Verdict["type"], reason: found.reason ?? "", message: found.message ?? "" }
  );
}

/** Sets a condition; the time of transition moves only with the status. */
export function setCondition(
  status: JobStatus,
  now: string,
  next: Pick<Condition, "type" | "status" | "reason" | "message">,
): void {
  const conditions = status.conditions ?? [];
  const before = conditions.find((one) => one.type === next.type);
  if (before?.status === next.status) return;
  const condition: Condition = {
    type: next.type,
    status: next.status,
    lastProbeTime: now,
    lastTransitionTime: now,
    ...(next.reason === undefined ? {} : { reason: next.reason }),
    ...(next.message === undefined ? {} : { message: next.message }),
  };
  status.conditions =
    before === undefined
      ? [...conditions, condition]
      : conditions.map((one) => (one === before ? condition : one));
}
