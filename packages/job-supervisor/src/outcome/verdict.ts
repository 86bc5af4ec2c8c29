import { agentStatus, currentPod, type Facts, timeOf } from "./facts.ts";
import type { OutcomeKind, RunPhase, Verdict } from "./outcome.ts";
import { terminatedOf, writerState } from "./writer.ts";

/** An end with its evidence read off the facts. */
export function ended(
  facts: Facts,
  kind: OutcomeKind,
  message: string,
  options: { mustStop?: boolean; reason?: string | null; detail?: string | null } = {},
): Verdict {
  const pod = currentPod(facts);
  const terminated = terminatedOf(agentStatus(facts, pod));
  const record = facts.files.record;
  return {
    state: "ended",
    mustStop: options.mustStop ?? false,
    outcome: {
      ...kind,
      message,
      writer: writerState(facts),
      exitRecord: record,
      exitCode: record?.status ?? terminated?.exitCode ?? null,
      signal: record?.signal ?? null,
      evidence: {
        jobName: facts.job?.metadata?.name ?? null,
        podName: pod?.pod.metadata?.name ?? null,
        nodeName: pod?.pod.spec?.nodeName ?? null,
        reason: options.reason ?? terminated?.reason ?? null,
        detail: options.detail ?? terminated?.message ?? null,
        startedAt: record?.startedAt ?? timeOf(terminated?.startedAt),
        endedAt: record?.endedAt ?? timeOf(terminated?.finishedAt),
      },
    },
  };
}

/** Not ended yet. */
export function pending(
  phase: RunPhase,
  options: {
    reviewAt?: number | null;
    detail?: string | null;
    needsEvents?: boolean;
    running?: boolean;
  } = {},
): Verdict {
  return {
    state: options.running ? "running" : "pending",
    phase,
    detail: options.detail ?? null,
    reviewAt: options.reviewAt ?? null,
    needsEvents: options.needsEvents ?? false,
  };
}
