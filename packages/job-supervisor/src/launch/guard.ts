import type { V1Job } from "@kubernetes/client-node";
import { type JobRun, PROTOCOL, type RunIdentity } from "@paperclip-k8s/job-manifest";
import { jobCondition, timeOf } from "../outcome/facts.ts";

/** Which runs may not work side by side. */
export type Concurrency = "agent" | "task" | "unlimited";

/** What the guard says after a quorum list of the agent's Jobs. */
export type GuardDecision =
  /** Launches whose hosts have died stand in the way: remove them and list again. */
  | { readonly kind: "collect"; readonly abandoned: readonly V1Job[] }
  /** Nobody else is there. */
  | { readonly kind: "resume" }
  /** All others were made later and are withdrawing: list again until they are gone. */
  | { readonly kind: "stay"; readonly others: readonly V1Job[] }
  /** Somebody else was first, or is at work. */
  | { readonly kind: "withdraw"; readonly blockers: readonly V1Job[] };

/**
 * Who may work, decided from one whole list by every host for itself: the oldest by creation and UID stays,
 * the others withdraw, and so does the oldest once another has been resumed. Two hosts that create at the
 * same moment both see both suspended Jobs, so at most one resumes.
 */
export function decideGuard(options: { own: V1Job; listed: readonly V1Job[] }): GuardDecision {
  const { own, listed } = options;
  const others = listed.filter((job) => job.metadata?.uid !== own.metadata?.uid && isLive(job));
  if (others.length === 0) return { kind: "resume" };
  const abandoned = others.filter((job) => isAbandoned(job, own));
  if (abandoned.length > 0) return { kind: "collect", abandoned };
  const atWork = others.filter((job) => !isWaiting(job));
  if (atWork.length > 0) return { kind: "withdraw", blockers: others };
  const older = others.filter((job) => !isTerminating(job) && byAge(job, own) < 0);
  return older.length > 0 ? { kind: "withdraw", blockers: others } : { kind: "stay", others };
}

/** Not finished. A Job that is being deleted is live until it is gone: its pod may still write. */
export function isLive(job: V1Job): boolean {
  return jobCondition(job, "Complete", "Failed") === undefined;
}

/** Suspended, at work nowhere and in no queue: a launch that has not been resumed. */
export function isWaiting(job: V1Job): boolean {
  const queued = Object.keys(job.metadata?.labels ?? {}).some((name) => name.startsWith("kueue.x-k8s.io/"));
  return job.spec?.suspend === true && !queued && (job.status?.active ?? 0) === 0;
}

/**
 * A launch repeats each of its steps for at most a minute: one that has not been resumed for so long has no host
 * any more. A host that is merely slow finds its Job gone, since it resumes by UID. In ms.
 */
export const ABANDONED_AFTER_MS = 240_000;

/** By the API server's clock alone: the ages of two of its objects. */
function isAbandoned(job: V1Job, own: V1Job): boolean {
  const age = (timeOf(own.metadata?.creationTimestamp) ?? 0) - (timeOf(job.metadata?.creationTimestamp) ?? 0);
  return isWaiting(job) && !isTerminating(job) && age >= ABANDONED_AFTER_MS;
}

/** Deleted, and still there. */
export function isTerminating(job: V1Job): boolean {
  return job.metadata?.deletionTimestamp !== undefined;
}

function byAge(a: V1Job, b: V1Job): number {
  const difference =
    (timeOf(a.metadata?.creationTimestamp) ?? 0) - (timeOf(b.metadata?.creationTimestamp) ?? 0);
  if (difference !== 0) return difference;
  return (a.metadata?.uid ?? "") < (b.metadata?.uid ?? "") ? -1 : 1;
}

/** The key under which at most one Job is live; null where there is no bound. */
export function concurrencyKey(identity: RunIdentity, concurrency: Concurrency): string | null {
  if (concurrency === "unlimited") return null;
  const task = concurrency === "task" ? `/${identity.taskId ?? ""}` : "";
  return `${identity.companyId}/${identity.agentId}${task}`;
}

/** The live Job that a new run takes over, or null: its output and end are then the new run's. */
export function chooseOrphan(options: {
  blockers: readonly V1Job[];
  identity: RunIdentity;
  retryOfRunId: string | null;
  readRun: (job: V1Job) => JobRun | null;
  /** Jobs that a run of this process, or of another live host, follows are nobody's orphans. */
  isFollowed: (job: V1Job) => boolean;
}): { readonly job: V1Job; readonly run: JobRun } | null {
  const { blockers, identity, retryOfRunId, readRun, isFollowed } = options;
  const candidates = blockers
    .filter((job) => !isWaiting(job) && !isTerminating(job) && !isFollowed(job))
    .map((job) => ({ job, run: readRun(job) }))
    .filter((candidate): candidate is { job: V1Job; run: JobRun } => candidate.run !== null)
    // What a pod of another protocol leaves may mean something else: it is waited for.
    .filter(({ run }) => run.protocol === PROTOCOL)
    .filter(({ run }) => isSameWork(run.identity, identity, run.identity.runId === retryOfRunId))
    .sort((a, b) => byAge(a.job, b.job));
  return candidates.find(({ run }) => run.identity.runId === retryOfRunId) ?? candidates[0] ?? null;
}

/** Of a run that is retried the session is known to be the same, whatever the two call it. */
export function isSameWork(theirs: RunIdentity, ours: RunIdentity, isRetried: boolean): boolean {
  const sameSession =
    theirs.sessionId === ours.sessionId || theirs.sessionId === null || ours.sessionId === null;
  return (
    theirs.companyId === ours.companyId &&
    theirs.agentId === ours.agentId &&
    theirs.adapterType === ours.adapterType &&
    (theirs.taskId ?? "") === (ours.taskId ?? "") &&
    (isRetried || sameSession)
  );
}
