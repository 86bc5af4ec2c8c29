import type { V1Job } from "@kubernetes/client-node";
import type { JobRun } from "@paperclip-k8s/job-manifest";
import type { KubeApi } from "../api/kube-api.ts";
import { isTransient } from "../api/kube-api-error.ts";
import { isLive } from "../launch/guard.ts";
import { COLLECT_WITHIN_MS } from "../launch/unheard-end.ts";
import { jobCondition, timeOf } from "../outcome/facts.ts";
import { orphanMaxAgeMs } from "./orphan-age.ts";

/** A launch that has not been resumed for this long has no host any more, in ms. */
const SUSPENDED_FOR_MS = 900_000;
/** Deletions of one sweep, so that a large backlog does not become a burst. */
const BATCH = 50;

/** Why a Job is collected; null: it stays. */
export type SweepReason = "finished" | "never_resumed" | "orphan_too_old" | null;

/** What the sweep does with one Job of its instance: a pure decision. */
export function sweepReason(options: {
  job: V1Job;
  run: JobRun;
  /** By a run of this process, or by another host that is alive. */
  isFollowed: boolean;
  now: number;
  labelDomain: string;
}): SweepReason {
  const { job, run, isFollowed, now, labelDomain } = options;
  if (isFollowed || run.retained || job.metadata?.deletionTimestamp) return null;
  const createdAt = timeOf(job.metadata?.creationTimestamp) ?? now;
  if (!isLive(job)) {
    const finishedAt = timeOf(jobCondition(job, "Complete", "Failed")?.lastTransitionTime) ?? createdAt;
    return now - finishedAt >= COLLECT_WITHIN_MS ? "finished" : null;
  }
  const inQueue = Object.keys(job.metadata?.labels ?? {}).some((name) => name.startsWith("kueue.x-k8s.io/"));
  if (job.spec?.suspend) return !inQueue && now - createdAt >= SUSPENDED_FOR_MS ? "never_resumed" : null;
  return now - createdAt >= orphanMaxAgeMs(job, labelDomain) ? "orphan_too_old" : null;
}

/** A Job that the sweep has deleted. */
export interface SweptJob {
  readonly run: JobRun;
  readonly reason: Exclude<SweepReason, null>;
}

/** Deletes what earlier hosts left. What has changed since it was seen is left alone. */
export async function sweepJobs(options: {
  api: KubeApi;
  jobs: Iterable<V1Job>;
  readRun: (job: V1Job) => JobRun | null;
  isFollowed: (job: V1Job) => boolean;
  now: number;
  labelDomain: string;
}): Promise<readonly SweptJob[]> {
  const { api, jobs, readRun, isFollowed, now, labelDomain } = options;
  const swept: SweptJob[] = [];
  let tried = 0;
  for (const job of jobs) {
    if (tried >= BATCH) break;
    const run = readRun(job);
    if (run === null) continue;
    const reason = sweepReason({ job, run, isFollowed: isFollowed(job), now, labelDomain });
    if (reason === null) continue;
    const { name = "", uid, resourceVersion } = job.metadata ?? {};
    // In the foreground an orphan counts as live for as long as its pod, which has its grace period, is there.
    const propagation = reason === "orphan_too_old" ? "Foreground" : "Background";
    tried += 1;
    try {
      await api.deleteJob(name, { propagation, preconditions: { uid, resourceVersion } });
      swept.push({ run, reason });
    } catch (error) {
      // Changed or gone meanwhile: the next sweep sees it as it is then. Where the API is away it is no use to go on.
      if (isTransient(error)) break;
    }
  }
  return swept;
}
