import { agentStatus, currentPod, type Facts, jobCondition, timeOf } from "./facts.ts";
import { fromPodGone } from "./from-pod-gone.ts";
import { deletedBySomebody } from "./from-record.ts";
import type { Verdict } from "./outcome.ts";
import { podReason } from "./pod-reason.ts";
import { ended, pending } from "./verdict.ts";
import { writerState } from "./writer.ts";

/** One stale read must not end a run: the Job's word counts only when nothing has contradicted it for this long. */
const CONDITION_GRACE_MS = 5000;

/** Only the Job speaks: it is gone or finished, and neither record nor container has said how. */
export function fromJobAlone(facts: Facts): Verdict {
  return facts.jobRemovedAt === null ? fromCondition(facts) : fromRemoval(facts, facts.jobRemovedAt);
}

function fromRemoval(facts: Facts, removedAt: number): Verdict {
  const { graceMs, cleanupMs } = facts.bounds;
  // The pod has its grace period and writes its record then: whoever deletes the Job does not end the agent at once.
  const giveUpAt = removedAt + graceMs + cleanupMs;
  if (writerState(facts) === "not_confirmed" && facts.now < giveUpAt) {
    return pending("finishing", {
      reviewAt: giveUpAt,
      detail: "The Job was deleted; its pod is ending.",
      running: true,
    });
  }
  // A record that says "ended well" may still become visible.
  const recordDueAt = removedAt + CONDITION_GRACE_MS;
  if (facts.now < recordDueAt) return pending("finishing", { reviewAt: recordDueAt, running: true });
  return deletedBySomebody(facts);
}

function fromCondition(facts: Facts): Verdict {
  const condition = jobCondition(facts.job, "Failed", "Complete");
  const pod = currentPod(facts);
  const wasRunning = agentStatus(facts, pod)?.state?.running !== undefined;
  if (wasRunning && pod && pod.removedAt !== null) return fromPodGone(facts, pod.removedAt);
  const { graceMs, cleanupMs } = facts.bounds;
  // A Job finishes after its pods. One that is finished while its container runs is a stale read of one of them.
  const patience = wasRunning ? graceMs + cleanupMs : CONDITION_GRACE_MS;
  const finishedAt = timeOf(condition?.lastTransitionTime) ?? facts.followedSince;
  const settledAt = Math.max(finishedAt, facts.followedSince) + patience;
  if (facts.now < settledAt) return pending("finishing", { reviewAt: settledAt, running: wasRunning });
  const reason = podReason(facts);
  if (reason) return ended(facts, reason.kind, reason.message, reason);
  if (condition?.type === "Complete") {
    return ended(facts, { kind: "succeeded" }, "The Job is complete; its pod left no exit record.");
  }
  const message = `The Job failed (${condition?.reason ?? "no reason given"}): ${condition?.message ?? ""}`;
  return ended(facts, { kind: "state_mismatch" }, message, { reason: condition?.reason ?? null });
}
