// What a Job's pods amount to. Pure functions.
import type { Job, Pod } from "../../resources/objects.ts";
import { isTerminal } from "../../resources/parts.ts";

/** Kept on each pod until the Job has counted it. */
export const trackingFinalizer = "batch.kubernetes.io/job-tracking";

export function isTracked(pod: Pod): boolean {
  return pod.metadata.finalizers?.includes(trackingFinalizer) === true;
}

function isReady(pod: Pod): boolean {
  return pod.status.conditions?.some((one) => one.type === "Ready" && one.status === "True") === true;
}

/** The pods of a Job, by what they count as. */
export interface Tally {
  /** Neither ended nor deleted. */
  readonly active: readonly Pod[];
  readonly ready: number;
  /** Deleted, but not ended. */
  readonly terminating: readonly Pod[];
  /** Ended, and not counted in the status yet. */
  readonly newlySucceeded: readonly Pod[];
  readonly newlyFailed: readonly Pod[];
}

/** Counts. A deleted pod has failed when it has ended, or at once if the Job replaces terminating pods. */
export function tallyPods(job: Job, pods: readonly Pod[]): Tally {
  const atOnce = job.spec.podReplacementPolicy === "TerminatingOrFailed";
  const deleted = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;
  const active = pods.filter((pod) => !isTerminal(pod) && !deleted(pod));
  const terminating = pods.filter((pod) => !isTerminal(pod) && deleted(pod));
  return {
    active,
    ready: active.filter(isReady).length,
    terminating,
    newlySucceeded: pods.filter((pod) => isTracked(pod) && pod.status.phase === "Succeeded"),
    newlyFailed: pods.filter(
      (pod) =>
        isTracked(pod) && (pod.status.phase === "Failed" || (atOnce && deleted(pod) && !isTerminal(pod))),
    ),
  };
}

/** How many pods a Job may have beside those that are active: none while it waits for a terminating one. */
export function wantedPods(job: Job, tally: Tally, succeeded: number): number {
  const { parallelism = 1, completions, podReplacementPolicy } = job.spec;
  const left = completions === undefined ? parallelism : Math.max(0, completions - succeeded);
  const waiting = podReplacementPolicy === "Failed" ? tally.terminating.length : 0;
  return Math.max(0, Math.min(parallelism, left) - tally.active.length - waiting);
}
