// The API failure that a conversation is in: it begins with a retry or an error message, and an answer ends it.
import type { AgentFailure } from "../failure.ts";
import { classifyClaudeFailure } from "./classify.ts";
import type {
  ClaudeApiError,
  ClaudeAssistantEvent,
  ClaudeRateLimitEvent,
  ClaudeResultEvent,
  ClaudeRetryEvent,
} from "./events.ts";

/** A failure that has not been overcome yet. */
export interface Trouble {
  readonly apiError: ClaudeApiError;
  readonly message: string;
}

/** The trouble after a message of the main conversation: an answer overcomes it. */
export function troubleAfterMessage(event: ClaudeAssistantEvent): Trouble | undefined {
  if (event.apiError === undefined) return undefined;
  const texts = event.blocks.map((block) => (block.type === "text" ? block.text : ""));
  return { apiError: event.apiError, message: texts.join("\n").trim() };
}

/** The trouble after a failed call that is tried again. */
export function troubleAfterRetry({ error, attempt, maxRetries }: ClaudeRetryEvent): Trouble {
  const status = error.status === undefined ? "" : ` (${error.status})`;
  // Without a status there was no answer at all, which the CLI calls unknown.
  const name = error.status === undefined ? "connection_failed" : (error.name ?? "unknown");
  return {
    apiError: error.status === undefined ? { ...error, cause: "connection_failed" } : error,
    message: `API call failed: ${name}${status}, retry ${attempt} of ${maxRetries}`,
  };
}

/** The failure of a run that is still in trouble when its output ends; `reached`: the account's limit, if one was. */
export function failureOfTrouble(trouble: Trouble, reached: ClaudeRateLimitEvent | undefined): AgentFailure {
  return failure(trouble.apiError, trouble.message, reached);
}

/** The failure that a result tells; undefined where it tells success. */
export function failureOfResult(
  result: ClaudeResultEvent,
  trouble: Trouble | undefined,
  reached: ClaudeRateLimitEvent | undefined,
): AgentFailure | undefined {
  if (!result.isError) return undefined;
  const words =
    result.errors.join("; ") || result.text || trouble?.message || `Claude Code ended with ${result.subtype}`;
  // The class of the error stands only in the message before the result.
  return failure({ ...trouble?.apiError, ...result.apiError }, words, reached, result);
}

function failure(
  apiError: ClaudeApiError,
  message: string,
  reached: ClaudeRateLimitEvent | undefined,
  result?: ClaudeResultEvent,
): AgentFailure {
  const family = classifyClaudeFailure({ apiError, ...(result === undefined ? {} : { result }) });
  const retryAt = family === "provider_quota" ? (apiError.resetsAt ?? reached?.resetsAt) : undefined;
  return {
    family,
    message,
    ...(apiError.status === undefined ? {} : { status: apiError.status }),
    ...(retryAt === undefined ? {} : { retryAt }),
  };
}
