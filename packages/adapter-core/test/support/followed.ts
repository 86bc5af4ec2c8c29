import type { Outcome, OutcomeKind } from "@paperclip-k8s/job-supervisor";
import type { AgentResult, AgentVerdict } from "../../src/agent-definition.ts";
import type { FollowedRun } from "../../src/attempt/follow-run.ts";
import type { DeliveryEnd } from "../../src/output/deliver.ts";

export function outcomeOf(kind: OutcomeKind, changes: Partial<Outcome> = {}): Outcome {
  return {
    ...{ message: "What happened", writer: "dead", exitRecord: null, exitCode: 0, signal: null },
    evidence: {
      ...{ jobName: "sh-a-r", podName: "sh-a-r-x", nodeName: "node-1", reason: null, detail: null },
      ...{ startedAt: 1, endedAt: 2 },
    },
    ...changes,
    ...kind,
  } as Outcome;
}

export const all: DeliveryEnd = { complete: true, bytes: 10, lines: 1, problem: null };
export const part: DeliveryEnd = { complete: false, bytes: 4, lines: 1, problem: "6 bytes never came" };

export const finished: AgentResult = {
  ...{ state: "finished", sessionId: "s-1", model: "m-1", summary: "Done.", failure: null },
  usage: { inputTokens: 1, outputTokens: 2, cachedInputTokens: 3 },
  ...{ costUsd: 0.5, sessionCostUsd: null, details: { turns: 2 } },
};

export const content: AgentVerdict = {
  ...{ failure: null, session: "keep", provider: "p", biller: "b", billingType: "api" },
};

export function followedRun(changes: Partial<FollowedRun> = {}): FollowedRun {
  return {
    outcome: outcomeOf({ kind: "succeeded" }),
    ...{ agent: finished, stdout: all, stderr: all, stderrTail: "", gaveUp: null },
    ...changes,
  };
}

/** Every kind of outcome once. */
export const everyKind: readonly OutcomeKind[] = [
  { kind: "succeeded" },
  { kind: "failed" },
  { kind: "oom_killed", probable: false },
  { kind: "timed_out" },
  { kind: "deadline_exceeded" },
  { kind: "cancelled" },
  { kind: "deleted_externally" },
  { kind: "evicted" },
  { kind: "disrupted" },
  { kind: "node_lost" },
  { kind: "image_pull_failed", cause: "not_found" },
  { kind: "unschedulable" },
  { kind: "volume_mount_failed" },
  { kind: "volume_mismatch" },
  { kind: "config_error" },
  { kind: "init_failed", container: "mesh" },
  { kind: "start_failed", failure: "cli_missing" },
  { kind: "disk_full" },
  { kind: "lease_expired" },
  { kind: "quota_exceeded" },
  { kind: "forbidden" },
  { kind: "admission_denied" },
  { kind: "create_failed", transient: true },
  { kind: "state_mismatch" },
  { kind: "blocked" },
  { kind: "guard_unreachable" },
];
