// What Claude Code prints with `--output-format stream-json`, as far as somebody needs it.
import type { JsonObject } from "../parse-event.ts";
import type { TokenUsage } from "../usage.ts";

/** One block of a message. */
export type ClaudeBlock =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "thinking"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: unknown }
  | { readonly type: "tool_result"; readonly id: string; readonly text: string; readonly isError: boolean }
  | { readonly type: "other"; readonly value: JsonObject };

/** What the CLI says of a failed API call, in fields that it fills itself and no model can write. */
export interface ClaudeApiError {
  /** `error`: the CLI's class of the error, such as `authentication_failed`, `rate_limit`, `server_error`. */
  readonly name?: string;
  /** `api_error`: the typed cause, such as `usage_limit_reached`; only some errors have one. */
  readonly cause?: string;
  /** HTTP status. */
  readonly status?: number;
  /** The API's own type, such as `overloaded_error`. */
  readonly type?: string;
  /** When the provider accepts calls again, in ms since the epoch. */
  readonly resetsAt?: number;
}

interface Common {
  /** Of the event; the same event has the same one. */
  readonly uuid?: string;
  readonly sessionId?: string;
}

/** `system/init`: the CLI has started a turn. */
export interface ClaudeInitEvent extends Common {
  readonly kind: "init";
  readonly model?: string;
  readonly cwd?: string;
  readonly version?: string;
  readonly apiKeySource?: string;
  readonly permissionMode?: string;
  readonly tools: readonly string[];
}

/** `system/api_retry`: an API call failed and is tried again. */
export interface ClaudeRetryEvent extends Common {
  readonly kind: "retry";
  readonly attempt: number;
  readonly maxRetries: number;
  /** ms until the next try. */
  readonly delayMs: number;
  readonly error: ClaudeApiError;
}

/** `system/background_tasks_changed`: the CLI takes another turn for each task that ends, after its result. */
export interface ClaudeTasksEvent extends Common {
  readonly kind: "tasks";
  /** Tasks that are still at work; those that only watch are none. */
  readonly running: number;
}

/** Any other `system` event; `text` where it is meant for people. */
export interface ClaudeSystemEvent extends Common {
  readonly kind: "system";
  readonly subtype: string;
  readonly text?: string;
  readonly value: JsonObject;
}

/** A message of the model, or a part of one: parts share `messageId`. */
export interface ClaudeAssistantEvent extends Common {
  readonly kind: "assistant";
  readonly messageId?: string;
  /** undefined where the CLI made the message itself. */
  readonly model?: string;
  readonly blocks: readonly ClaudeBlock[];
  readonly usage: TokenUsage;
  /** The tool call that a subagent works for; undefined in the main conversation. */
  readonly parentToolUseId?: string;
  /** Set where the message is the CLI's report of a failed API call. */
  readonly apiError?: ClaudeApiError;
}

/** Tool results, and texts that the CLI puts into the conversation. */
export interface ClaudeUserEvent extends Common {
  readonly kind: "user";
  readonly blocks: readonly ClaudeBlock[];
  readonly parentToolUseId?: string;
}

/** A piece of a message while it is made; the whole message follows as an assistant event. */
export interface ClaudeDeltaEvent extends Common {
  readonly kind: "delta";
  readonly messageId?: string;
  /** The type of the streaming event, such as `content_block_delta`. */
  readonly type: string;
  readonly text?: string;
  readonly thinking?: string;
  /** Final tokens of the message, with `message_delta`. */
  readonly usage?: TokenUsage;
  readonly parentToolUseId?: string;
}

/** The provider's limits for the account. */
export interface ClaudeRateLimitEvent extends Common {
  readonly kind: "rate_limit";
  /** `allowed`, `allowed_warning`, `rejected`. */
  readonly status?: string;
  /** `five_hour`, `seven_day`, … */
  readonly limitType?: string;
  /** How much is used, 0 to 1; told only near the limit. */
  readonly utilization?: number;
  /** ms since the epoch. */
  readonly resetsAt?: number;
}

/** The end of a turn, with its sums. */
export interface ClaudeResultEvent extends Common {
  readonly kind: "result";
  /** `success` also in most failures: look at `isError`. */
  readonly subtype: string;
  readonly isError: boolean;
  readonly text?: string;
  /** The CLI's own messages. */
  readonly errors: readonly string[];
  readonly terminalReason?: string;
  readonly stopReason?: string;
  readonly apiError: ClaudeApiError;
  readonly turns?: number;
  readonly durationMs?: number;
  /** Since the last result, all models and subagents; undefined from CLIs that do not tell it. */
  readonly usage?: TokenUsage;
  /** Since the last result, in US dollars; undefined from CLIs that do not tell it. */
  readonly costUsd?: number;
  /** Of the main conversation only. */
  readonly mainUsage: TokenUsage;
  /** Of the session, earlier runs included, in US dollars. */
  readonly sessionCostUsd?: number;
}

/** What the CLI tells beside the conversation: `tool_progress`, `tool_use_summary`, `auth_status`, `prompt_suggestion`. */
export interface ClaudeAsideEvent extends Common {
  readonly kind: "aside";
  readonly type: string;
  /** An error that people should see. */
  readonly error?: string;
  readonly value: JsonObject;
}

/** A line that is not a JSON object. */
export interface ClaudeTextEvent {
  readonly kind: "text";
  readonly text: string;
  readonly uuid?: undefined;
  readonly sessionId?: undefined;
}

/** An event of a type that this version does not know. */
export interface ClaudeUnknownEvent extends Common {
  readonly kind: "unknown";
  readonly type?: string;
  readonly value: JsonObject;
}

/** One line of Claude Code's output. */
export type ClaudeEvent =
  | ClaudeInitEvent
  | ClaudeRetryEvent
  | ClaudeTasksEvent
  | ClaudeSystemEvent
  | ClaudeAssistantEvent
  | ClaudeUserEvent
  | ClaudeDeltaEvent
  | ClaudeRateLimitEvent
  | ClaudeResultEvent
  | ClaudeAsideEvent
  | ClaudeTextEvent
  | ClaudeUnknownEvent;
