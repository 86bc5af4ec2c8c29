import type { Job, JobStatus } from "../../resources/objects.ts";
import type { ControllerContext } from "../context.ts";
import type { JobPods } from "./job-pods.ts";
import type { Tally } from "./tally.ts";

/** What each step of the Job controller works with. */
export interface JobWork {
  readonly context: ControllerContext;
  readonly pods: JobPods;
  /** Looks at the Job again after `delayMs`. */
  again(job: Job, delayMs: number): void;
  /** How long the next pod has to wait, in ms, after the last one failed. */
  replacementDelay(job: Job): number;
}

/** Edits a Job's status. */
export function updateStatus({ context }: JobWork, job: Job, edit: (status: JobStatus) => void): Job {
  return context.store.change("jobs", job.metadata.namespace, job.metadata.name, ({ status }) =>
    edit(status),
  ) as Job;
}

/** Says something about a Job as its controller. */
export function say(
  { context }: JobWork,
  job: Job,
  reason: string,
  message: string,
  type: "Normal" | "Warning" = "Normal",
): void {
  context.events({ about: job, reason, message, type, component: "job-controller" });
}

/** Counts as they stand; zeros that the real controller leaves out are left out. */
export function writeCounts(status: JobStatus, tally: Tally): void {
  if (tally.active.length > 0) status.active = tally.active.length;
  else delete status.active;
  status.terminating = tally.terminating.length;
  status.uncountedTerminatedPods ??= {};
  status.ready = tally.ready;
}
