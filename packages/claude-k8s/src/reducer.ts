import { type AgentReducer, type AgentResult, usageFrom } from "@paperclip-k8s/adapter-core";
import { type ClaudeRunResult, createClaudeReducer, parseEvent } from "@paperclip-k8s/stream-json";
import { ends } from "./errors.ts";
import { limitsOf } from "./limits.ts";

/** Folds Claude Code's output into what the host wants to know of a run. */
export function createReducer(run: {
  readonly resumedCostUsd: number | null;
  readonly resumed: boolean;
}): AgentReducer {
  const before = run.resumed ? run.resumedCostUsd : 0;
  const reducer = createClaudeReducer(before === null ? {} : { previousCostUsd: before });
  return {
    push: (line) => reducer.push(parseEvent(line)),
    result: () => asAgentResult(reducer.result()),
    isClosed: reducer.isClosed,
  };
}

function asAgentResult(result: ClaudeRunResult): AgentResult {
  const { state, sessionId, model, usage, costUsd, sessionCostUsd, finalText } = result;
  const { turns, durationMs, subtype, terminalReason, stopReason, backgroundTasks, counts } = result;
  return {
    state,
    sessionId: sessionId ?? null,
    model: model ?? null,
    usage: usageFrom(usage),
    costUsd: costUsd ?? null,
    sessionCostUsd: sessionCostUsd ?? null,
    summary: finalText?.trim() || null,
    failure: ends.told(result.failure),
    limits: limitsOf(result),
    details: { turns, durationMs, subtype, terminalReason, stopReason, backgroundTasks, ...counts },
  };
}
