import type { AgentFailure, AgentReducer, AgentResult } from "@paperclip-k8s/adapter-core";

/** What Codex prints with `--json`, as far as it matters here. */
interface CodexEvent {
  readonly type?: string;
  readonly thread_id?: string;
  readonly message?: string;
  readonly error?: { readonly message?: string };
  readonly item?: { readonly type?: string; readonly text?: string };
  readonly usage?: Readonly<Record<string, number>>;
}

/** Folds Codex's events into what the host wants to know of a run. */
export function createReducer(): AgentReducer {
  let known: AgentResult = {
    ...{ state: "never_started", sessionId: null, model: null, usage: null },
    ...{ costUsd: null, sessionCostUsd: null, summary: null, failure: null, details: {} },
  };
  return {
    push: (line) => {
      const event = eventOf(line);
      if (event?.type !== undefined) known = { ...known, ...whatChanges(event) };
    },
    result: () => known,
  };
}

function whatChanges(event: CodexEvent): Partial<AgentResult> {
  const { type, item, usage = {} } = event;
  switch (type) {
    case "thread.started":
      return { state: "truncated", sessionId: event.thread_id ?? null };
    case "item.completed":
      return item?.type === "agent_message" ? { summary: item.text?.trim() || null } : {};
    case "turn.completed":
      return { state: "finished", failure: null, usage: tokens(usage) };
    case "turn.failed":
      return { state: "finished", failure: failed(event.error?.message) };
    default:
      return {};
  }
}

/** Codex counts cached tokens among the input; the host wants them apart. */
function tokens(usage: Readonly<Record<string, number>>): AgentResult["usage"] {
  const { input_tokens: input = 0, cached_input_tokens: cached = 0, output_tokens: output = 0 } = usage;
  return { inputTokens: Math.max(0, input - cached), cachedInputTokens: cached, outputTokens: output };
}

function failed(message = "it did not say why"): AgentFailure {
  return { code: "codex_error", family: null, message: `Codex failed: ${message}`, retryNotBefore: null };
}

function eventOf(line: string): CodexEvent | null {
  try {
    const event: unknown = JSON.parse(line);
    return typeof event === "object" ? (event as CodexEvent | null) : null;
  } catch {
    return null;
  }
}
