import { type AgentReducer, type AgentResult, type AgentWait, usageFrom } from "@paperclip-k8s/adapter-core";
import {
  createOpenCodeReducer,
  type OpenCodeRetrying,
  type OpenCodeRunResult,
  parseEvent,
} from "@paperclip-k8s/stream-json";
import { ends } from "./errors.ts";

/** Folds OpenCode's output into what the host wants to know of a run. */
export function createReducer(): AgentReducer {
  const reducer = createOpenCodeReducer();
  return {
    push: (line) => reducer.push(parseEvent(line)),
    pushStderr: reducer.pushStderr,
    result: () => asAgentResult(reducer.result()),
    waiting: () => asWait(reducer.retrying()),
    isClosed: reducer.isClosed,
  };
}

function asAgentResult(result: OpenCodeRunResult): AgentResult {
  const { state, sessionId, usage, costUsd, finalText, turns, finishReason, counts } = result;
  return {
    state,
    sessionId: sessionId ?? null,
    model: null,
    usage: usageFrom(usage),
    costUsd: costUsd ?? null,
    sessionCostUsd: null,
    summary: finalText?.trim() || null,
    failure: ends.told(result.failure),
    details: { turns, finishReason, ...counts },
  };
}

function asWait(retrying: OpenCodeRetrying | undefined): AgentWait | null {
  if (!retrying?.isWaiting) return null;
  const failure = ends.told(retrying.failure);
  return failure === null ? null : { streak: retrying.streak, failure };
}
