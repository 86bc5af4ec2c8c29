// From the fields of structured events to a family of failures: pure, and blind to what the agent says.
import type { FailureFamily } from "../failure.ts";
import { type FamilyTable, familyOfStatus, lookUp } from "../family-table.ts";
import type { ClaudeApiError, ClaudeResultEvent } from "./events.ts";

/** What is known of a failure. */
export interface ClaudeFailureFacts {
  /** The result event, if there was one. */
  readonly result?: Pick<
    ClaudeResultEvent,
    "subtype" | "terminalReason" | "stopReason" | "errors" | "turns" | "text"
  >;
  /** Error fields of the result and of the message or retry before it. */
  readonly apiError: ClaudeApiError;
}

/** The family of a failure of Claude Code. */
export function classifyClaudeFailure({ result, apiError }: ClaudeFailureFacts): FailureFamily {
  return (
    (result && familyOfResult(result)) ??
    lookUp(familyByCause, apiError.cause) ??
    familyOfHistory(apiError, result?.text) ??
    lookUp(familyByName, apiError.name) ??
    familyOfStatus(apiError.status) ??
    "unclassified"
  );
}

function familyOfResult(result: NonNullable<ClaudeFailureFacts["result"]>): FailureFamily | undefined {
  if (result.subtype === "error_during_execution" && !result.turns && result.errors.some(namesNoSession)) {
    return "unknown_session";
  }
  if (result.stopReason === "refusal") return "model_refusal";
  return lookUp(familyBySubtype, result.subtype) ?? lookUp(familyByTerminalReason, result.terminalReason);
}

/** The one failure without a field of its own: the text is the CLI's, since no turn was taken. */
function namesNoSession(error: string): boolean {
  return /^(?:No conversation found with session ID|(?:Error: )?--resume requires a valid session ID)/.test(
    error,
  );
}

/** A 400 has a typed cause only sometimes; its text is the API's, never the agent's. */
function familyOfHistory({ status, type }: ClaudeApiError, text = ""): FailureFamily | undefined {
  if (type === "request_too_large") return "context_overflow";
  const isOfHistory = historyWords.some((words) => text.includes(words));
  return status === 400 && isOfHistory ? "poisoned_session" : undefined;
}

/** The thinking of another model or provider is refused by its signature; the CLI mostly leaves it out by itself. */
const historyWords = ["previous_message_id", "Invalid `signature` in `thinking` block"];

const familyBySubtype: FamilyTable = { error_max_turns: "max_turns", error_max_budget_usd: "max_budget" };

const familyByTerminalReason: FamilyTable = {
  max_turns: "max_turns",
  prompt_too_long: "context_overflow",
  blocking_limit: "context_overflow",
};

/** `api_error`: the CLI adds values over time, and an unknown one counts as none. */
const familyByCause: FamilyTable = {
  max_output_tokens: "output_limit",
  usage_limit_reached: "provider_quota",
  model_requires_usage_credits: "billing_required",
  long_context_credits_required: "billing_required",
  connection_failed: "transient_upstream",
  stream_idle_timeout: "transient_upstream",
  computer_slept: "transient_upstream",
  no_response: "transient_upstream",
  empty_completion: "transient_upstream",
  tool_history_mismatch: "poisoned_session",
  message_over_context_limit: "context_overflow",
  autocompact_thrashing: "context_overflow",
  safety_monitor_blocked: "model_refusal",
  dlp_request_denied: "model_refusal",
  stored_login_refused: "auth_required",
  oauth_refresh_store_refused: "auth_required",
  provider_credentials: "auth_required",
  gateway_signin_required: "auth_required",
  gateway_session_expired: "auth_required",
  api_key_auth_disabled: "auth_required",
  org_disabled_credential: "auth_required",
  invalid_credential_header: "auth_required",
};

/** `error` of a message or a retry. */
const familyByName: FamilyTable = {
  authentication_failed: "auth_required",
  oauth_org_not_allowed: "auth_required",
  account_on_hold: "auth_required",
  verification_required: "auth_required",
  cloud_credential_error: "auth_required",
  billing_error: "billing_required",
  rate_limit: "provider_quota",
  overloaded: "transient_upstream",
  server_error: "transient_upstream",
  model_not_found: "model_not_found",
  max_output_tokens: "output_limit",
  invalid_request: "invalid_request",
};
