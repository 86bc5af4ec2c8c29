import { agentStatus, currentPod, type Facts, jobCondition, timeOf } from "./facts.ts";
import { fromContainerEnd } from "./from-container-end.ts";
import { fromJobAlone } from "./from-job-alone.ts";
import { fromLostNode, nodeLostAt } from "./from-lost-node.ts";
import { fromPodGone } from "./from-pod-gone.ts";
import { fromRecord } from "./from-record.ts";
import { fromStarting } from "./from-starting.ts";
import type { Verdict } from "./outcome.ts";
import { ended, pending } from "./verdict.ts";
import { terminatedOf } from "./writer.ts";

/** How long a container may run without its mark in the run directory, in ms. */
const MARK_WITHIN_MS = 30_000;

/**
 * What the facts say of a run: a pure function, asked again after every change.
 *
 * Whichever comes first counts, the exit record or the container's end; the Job's own condition lags both by
 * seconds and is asked last. What nobody has said is not taken for a failure.
 */
export function diagnose(facts: Facts): Verdict {
  if (facts.files.record) return fromRecord(facts, facts.files.record);
  const pod = currentPod(facts);
  const status = agentStatus(facts, pod);
  if (terminatedOf(status) || pod?.pod.status?.phase === "Failed") return fromContainerEnd(facts);
  if (facts.jobRemovedAt !== null || jobCondition(facts.job, "Failed", "Complete"))
    return fromJobAlone(facts);
  if (status?.state?.running && pod?.removedAt === null) {
    const lostAt = nodeLostAt(facts, pod);
    if (lostAt !== null) return fromLostNode(facts, lostAt);
    return whileRunning(facts, timeOf(status.state.running.startedAt));
  }
  // A pod that had been at work and is gone is not one that has yet to come.
  if (pod && pod.removedAt !== null && status?.state?.running) return fromPodGone(facts, pod.removedAt);
  // The mark is the pod's own word that it works, whatever the API has told of it so far.
  if (facts.files.started) return whileRunning(facts, facts.files.startedSeenAt);
  return fromStarting(facts);
}

function whileRunning(facts: Facts, containerStart: number | null): Verdict {
  const { now, bounds, files } = facts;
  const startedAt = containerStart ?? facts.followedSince;
  const timeoutAt = bounds.timeoutMs > 0 ? startedAt + bounds.timeoutMs : null;
  if (timeoutAt !== null && now >= timeoutAt) {
    const message = `The run reached its limit of ${bounds.timeoutMs / 1000} s (timeoutSec).`;
    return ended(facts, { kind: "timed_out" }, message, { mustStop: true });
  }
  // Whoever takes up a Job that has long been running has not looked into the run directory yet.
  const markDueAt = files.started ? null : Math.max(startedAt, facts.followedSince) + MARK_WITHIN_MS;
  if (markDueAt !== null && now >= markDueAt) {
    const message = `The container has been running for ${MARK_WITHIN_MS / 1000} s and nothing of it shows in the run directory: the host and the pod do not see the same volume.`;
    return ended(facts, { kind: "volume_mismatch" }, message, { mustStop: true });
  }
  const reviews = [timeoutAt, markDueAt].filter((at) => at !== null);
  return pending("running", { reviewAt: reviews.length > 0 ? Math.min(...reviews) : null, running: true });
}
