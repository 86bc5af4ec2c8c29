import { agentStatus, currentPod, type Facts, jobCondition, podCondition } from "./facts.ts";
import type { OutcomeKind } from "./outcome.ts";
import { terminatedOf, writerState } from "./writer.ts";

/** Why Kubernetes ended a pod, where it says so. */
export interface PodReason {
  readonly kind: OutcomeKind;
  readonly message: string;
  readonly reason: string;
  readonly detail: string | null;
}

/** The pod's own reason for an end that the agent CLI did not choose; null where Kubernetes gives none. */
export function podReason(facts: Facts): PodReason | null {
  const observed = currentPod(facts);
  const status = observed?.pod.status;
  const terminated = terminatedOf(agentStatus(facts, observed));
  if (terminated?.reason === "OOMKilled") {
    return {
      kind: { kind: "oom_killed", probable: false },
      message: "The container ran out of memory and was killed.",
      reason: "OOMKilled",
      detail: terminated.message ?? null,
    };
  }
  if (status?.reason === "Evicted") {
    return {
      kind: { kind: "evicted" },
      message: `The node evicted the pod: ${status.message ?? "no reason given"}`,
      reason: "Evicted",
      detail: status.message ?? null,
    };
  }
  const deadline = jobCondition(facts.job, "Failed", "FailureTarget");
  if (deadline?.reason === "DeadlineExceeded" || status?.reason === "DeadlineExceeded") {
    return {
      kind: { kind: "deadline_exceeded" },
      message: "Kubernetes ended the Job at its activeDeadlineSeconds.",
      reason: "DeadlineExceeded",
      detail: deadline?.message ?? status?.message ?? null,
    };
  }
  // A container that was deleted before it was made has an "unknown" end as well: its node is not to blame.
  const isUnknown = terminated?.reason === "ContainerStatusUnknown" && writerState(facts) !== "never_started";
  if (isUnknown || status?.reason === "NodeLost") {
    return lostNode(terminated?.reason ?? "NodeLost", terminated?.message ?? status?.message ?? null);
  }
  const disruption = podCondition(observed, "DisruptionTarget");
  if (disruption?.status !== "True") return null;
  const reason = disruption.reason ?? "DisruptionTarget";
  if (reason === "DeletionByTaintManager" || reason === "DeletionByPodGC") {
    return lostNode(reason, disruption.message ?? null);
  }
  return {
    kind: { kind: "disrupted" },
    message: `Kubernetes took the pod away (${reason}): ${disruption.message ?? "no reason given"}`,
    reason,
    detail: disruption.message ?? null,
  };
}

function lostNode(reason: string, detail: string | null): PodReason {
  return {
    kind: { kind: "node_lost" },
    message: `The pod's node is gone or does not answer (${reason}).`,
    reason,
    detail,
  };
}
