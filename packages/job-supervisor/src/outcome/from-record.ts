import type { ExitRecord } from "@paperclip-k8s/job-manifest";
import { agentStatus, currentPod, type Facts, timeOf } from "./facts.ts";
import type { Verdict } from "./outcome.ts";
import { podReason } from "./pod-reason.ts";
import { scriptFailure } from "./script-failure.ts";
import { ended, pending } from "./verdict.ts";
import { terminatedOf } from "./writer.ts";

/** A failure may have a reason that only the kubelet knows, which it tells up to 5 s later. */
const REASON_WITHIN_MS = 5000;
/** 128 + SIGKILL. */
const KILLED = 137;

/** The pod's own account is whole: the agent CLI and everything else that wrote is dead. */
export function fromRecord(facts: Facts, record: ExitRecord): Verdict {
  if (record.failure !== null)
    return scriptFailure(facts, { failure: record.failure, status: record.status });
  if (record.status === 0)
    return ended(facts, { kind: "succeeded" }, "The agent CLI ended with exit code 0.");
  const reason = podReason(facts);
  if (reason) return ended(facts, reason.kind, reason.message, reason);
  const reasonDueAt = (facts.files.recordSeenAt ?? facts.now) + REASON_WITHIN_MS;
  const nobodyWillSay = !facts.apiHealthy || facts.now >= reasonDueAt;
  if (!nobodyWillSay && !terminatedOf(agentStatus(facts, currentPod(facts)))) {
    return pending("finishing", { reviewAt: reasonDueAt, running: true });
  }
  if (wasDeletedFirst(facts, record)) return deletedBySomebody(facts);
  return failedWith(facts, record.status, record.signal);
}

/** What a shell reports of an agent CLI that SIGTERM or SIGKILL ended. */
const ENDED_BY_DELETION: ReadonlySet<number> = new Set([137, 143]);
/** Kubernetes' times are whole seconds, and clocks differ a little. In ms. */
const CLOCK_SLACK_MS = 1000;

/**
 * Whether somebody's deletion explains the end. A Job is also removed some minutes after its agent failed by
 * itself (ttl), and a host that comes back late sees both at once: the exit code is then the agent's own.
 */
export function wasDeletedFirst(facts: Facts, end: { status: number; endedAt: number }): boolean {
  const asked = [
    timeOf(facts.job?.metadata?.deletionTimestamp),
    facts.jobRemovedAt,
    podDeletionAskedAt(facts),
  ];
  const times = asked.filter((at) => at !== null);
  if (times.length === 0) return false;
  return ENDED_BY_DELETION.has(end.status) || Math.min(...times) <= end.endedAt + CLOCK_SLACK_MS;
}

/** A pod's `deletionTimestamp` is when its grace period ends, not when it was asked to go. */
function podDeletionAskedAt(facts: Facts): number | null {
  const metadata = currentPod(facts)?.pod.metadata;
  const endsAt = timeOf(metadata?.deletionTimestamp);
  return endsAt === null ? null : endsAt - (metadata?.deletionGracePeriodSeconds ?? 0) * 1000;
}

/** The agent CLI ended by itself, or by a signal that nobody explains. */
export function failedWith(facts: Facts, exitCode: number, signal: string | null): Verdict {
  if (exitCode === KILLED) {
    const message =
      "The agent CLI was killed (137) and Kubernetes gives no reason: most likely it ran out of memory.";
    return ended(facts, { kind: "oom_killed", probable: true }, message);
  }
  const by = signal ? ` (signal ${signal})` : "";
  return ended(facts, { kind: "failed" }, `The agent CLI ended with exit code ${exitCode}${by}.`);
}

/** The Job or its pod was deleted, and not by this supervisor. */
export function deletedBySomebody(facts: Facts): Verdict {
  const isJob = facts.jobRemovedAt !== null || facts.job?.metadata?.deletionTimestamp;
  const message = `The ${isJob ? "Job" : "pod"} was deleted from outside while the agent worked.`;
  return ended(facts, { kind: "deleted_externally" }, message);
}
