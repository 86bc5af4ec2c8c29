import type { V1ContainerStateTerminated } from "@kubernetes/client-node";
import { parseTerminationMessage } from "@paperclip-k8s/job-manifest";
import { agentStatus, currentPod, type Facts, timeOf } from "./facts.ts";
import { deletedBySomebody, failedWith, wasDeletedFirst } from "./from-record.ts";
import type { Verdict } from "./outcome.ts";
import { podReason } from "./pod-reason.ts";
import { scriptFailure } from "./script-failure.ts";
import { ended, pending } from "./verdict.ts";
import { terminatedOf, writerState } from "./writer.ts";

/** The record is written before the container ends; a network file system may show it this much later. */
const RECORD_WITHIN_MS = 3000;
const CANNOT_START: ReadonlySet<string> = new Set([
  "StartError",
  "ContainerCannotRun",
  "CreateContainerError",
]);

/** The container, or its whole pod, has ended, and no exit record is there. */
export function fromContainerEnd(facts: Facts): Verdict {
  const observed = currentPod(facts);
  const terminated = terminatedOf(agentStatus(facts, observed));
  const failedInit = observed?.pod.status?.initContainerStatuses?.find(
    (status) => (terminatedOf(status)?.exitCode ?? 0) !== 0,
  );
  if (failedInit && !terminated) {
    const end = terminatedOf(failedInit);
    const message = `The init container ${failedInit.name} ended with exit code ${end?.exitCode}.`;
    return ended(facts, { kind: "init_failed", container: failedInit.name }, message, {
      reason: end?.reason ?? null,
      detail: end?.message ?? null,
    });
  }
  if (!terminated) {
    // Nothing of it ran, or its node says nothing any more: no record will come.
    const reason = podReason(facts);
    if (reason) return ended(facts, reason.kind, reason.message, reason);
    const message = `The pod failed: ${observed?.pod.status?.message ?? observed?.pod.status?.reason ?? "no reason given"}`;
    return ended(facts, { kind: "start_failed", failure: "pod_failed" }, message, {
      reason: observed?.pod.status?.reason ?? null,
    });
  }
  return fromTermination(facts, terminated);
}

/** How the container ended is known; its record may still come. */
function fromTermination(facts: Facts, terminated: V1ContainerStateTerminated): Verdict {
  if (terminated.reason && CANNOT_START.has(terminated.reason)) {
    const message = `The container could not be started: ${terminated.message ?? terminated.reason}`;
    return ended(facts, { kind: "start_failed", failure: "container_start" }, message);
  }
  // Whoever takes up a Job that ended long ago has not read its record yet.
  // One that never ran has an end without a time.
  const endedAt = timeOf(terminated.finishedAt) ?? facts.followedSince;
  const recordDueAt = Math.max(endedAt, facts.followedSince) + RECORD_WITHIN_MS;
  if (facts.now < recordDueAt) return pending("finishing", { reviewAt: recordDueAt, running: true });
  const reason = podReason(facts);
  if (reason) return ended(facts, reason.kind, reason.message, reason);
  const told = parseTerminationMessage(terminated.message);
  if (told) {
    const { failure, message: sentence } = told;
    return scriptFailure(facts, { failure, status: terminated.exitCode, sentence });
  }
  if (terminated.exitCode !== 0 && wasDeletedFirst(facts, { status: terminated.exitCode, endedAt }))
    return deletedBySomebody(facts);
  if (terminated.exitCode !== 0 && writerState(facts) === "never_started") {
    const message = `The container ended before it had started: ${terminated.message ?? terminated.reason}`;
    return ended(facts, { kind: "start_failed", failure: "container_start" }, message);
  }
  if (terminated.exitCode !== 0) return failedWith(facts, terminated.exitCode, null);
  return ended(facts, { kind: "succeeded" }, "The container ended with exit code 0; it left no exit record.");
}
