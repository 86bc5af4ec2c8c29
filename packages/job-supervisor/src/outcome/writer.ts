import type { V1ContainerStatus } from "@kubernetes/client-node";
import { agentStatus, type Facts, type ObservedPod } from "./facts.ts";
import type { WriterState } from "./outcome.ts";

/**
 * What is known of the process that writes the output. A Job that is gone says nothing of it, and a pod that
 * was deleted by force even less: its process lives on.
 */
export function writerState(facts: Facts): WriterState {
  if (facts.files.record) return "dead";
  const states = facts.pods.map((pod) => stateOfPod(facts, pod));
  if (states.includes("not_confirmed")) return "not_confirmed";
  if (states.includes("dead")) return "dead";
  return facts.files.started ? "not_confirmed" : "never_started";
}

function stateOfPod(facts: Facts, observed: ObservedPod): WriterState {
  const status = agentStatus(facts, observed);
  // A pod that is deleted before its container was made gets an "end" too, of a container that has no id.
  if (terminatedOf(status)) return status?.containerID || facts.files.started ? "dead" : "never_started";
  const phase = observed.pod.status?.phase;
  if (phase === "Succeeded") return "dead";
  if (phase === "Failed" && !status?.state?.running)
    return status?.started ? "not_confirmed" : "never_started";
  const mayRun = status?.state?.running !== undefined || status?.started === true;
  if (mayRun) return "not_confirmed";
  // Its container has not started. It may do so at any time while the pod is there.
  return observed.removedAt === null ? "not_confirmed" : "never_started";
}

/** The end of a container: with `restartPolicy: Never` there is only one. */
export function terminatedOf(status: V1ContainerStatus | undefined) {
  return status?.state?.terminated ?? status?.lastState?.terminated;
}
