import type { V1Job } from "@kubernetes/client-node";
import type { JobRun, RunIdentity } from "@paperclip-k8s/job-manifest";
import { jobCondition, timeOf } from "../outcome/facts.ts";
import { isLive, isSameWork, isTerminating } from "./guard.ts";

/** A finished Job is its host's to collect for this long, in ms; after that the sweep takes it. */
export const COLLECT_WITHIN_MS = 600_000;

/**
 * The finished Jobs whose end this run has to tell: the host died after the agent's end and before it had
 * collected the Job, and to start again would do the work twice. The same run, the one that it retries, or
 * the same prompt for the same work, the youngest first. Whether their files are still there, that is,
 * whether nobody has told their end, is left to the caller.
 */
export function unheardEnds(options: {
  own: V1Job;
  listed: readonly V1Job[];
  identity: RunIdentity;
  retryOfRunId: string | null;
  promptSha256: string;
  readRun: (job: V1Job) => JobRun | null;
  /** Jobs whose end this host tells, or has told. */
  isTold: (job: V1Job) => boolean;
}): readonly { readonly job: V1Job; readonly run: JobRun }[] {
  const { own, listed, identity, retryOfRunId, promptSha256, readRun, isTold } = options;
  const now = timeOf(own.metadata?.creationTimestamp) ?? 0;
  const finishedAt = (job: V1Job) =>
    timeOf(jobCondition(job, "Complete", "Failed")?.lastTransitionTime) ?? Number.NEGATIVE_INFINITY;
  return listed
    .filter((job) => !isLive(job) && !isTerminating(job) && job.metadata?.uid !== own.metadata?.uid)
    .filter((job) => now - finishedAt(job) < COLLECT_WITHIN_MS && !isTold(job))
    .flatMap((job) => {
      const run = readRun(job);
      return run ? [{ job, run }] : [];
    })
    .filter(({ run }) => {
      const isRetried = run.identity.runId === retryOfRunId || run.identity.runId === identity.runId;
      const isAsked = isRetried || run.promptSha256 === promptSha256;
      return !run.retained && isAsked && isSameWork(run.identity, identity, isRetried);
    })
    .sort((a, b) => finishedAt(b.job) - finishedAt(a.job));
}
