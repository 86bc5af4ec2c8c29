import { type Facts, type ObservedPod, podCondition, timeOf } from "./facts.ts";
import type { Verdict } from "./outcome.ts";
import { podReason } from "./pod-reason.ts";
import { ended, pending } from "./verdict.ts";

/** Reasons of a disruption that say that nobody hears of the node any more. */
const LOST: ReadonlySet<string> = new Set(["DeletionByTaintManager", "DeletionByPodGC"]);

/**
 * Since when the pod's node counts as lost, in ms since the epoch; null while it does not. The container is
 * still told as running then, by a kubelet that nobody hears of.
 */
export function nodeLostAt(facts: Facts, pod: ObservedPod): number | null {
  const disruption = podCondition(pod, "DisruptionTarget");
  if (disruption?.status === "True" && LOST.has(disruption.reason ?? ""))
    return timeOf(disruption.lastTransitionTime) ?? facts.followedSince;
  return null;
}

/**
 * The node may come back, and the agent may be at work on it all the while: its record on the shared volume
 * would say so. After the pod's own grace and the bound of a clean-up the run is told as lost, not as dead.
 */
export function fromLostNode(facts: Facts, lostAt: number): Verdict {
  const { graceMs, cleanupMs } = facts.bounds;
  const giveUpAt = Math.max(lostAt, facts.followedSince) + graceMs + cleanupMs;
  const reason = podReason(facts);
  if (facts.now < giveUpAt || reason === null) {
    return pending("finishing", {
      reviewAt: giveUpAt,
      detail: "The pod's node does not answer; whether the agent still works is not known.",
      running: true,
    });
  }
  return ended(facts, reason.kind, reason.message, reason);
}
