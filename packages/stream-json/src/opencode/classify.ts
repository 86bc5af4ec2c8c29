// From the fields of structured events to a family of failures: pure, and blind to what the agent says.
import type { FailureFamily } from "../failure.ts";
import { type FamilyTable, familyOfStatus, lookUp } from "../family-table.ts";
import type { OpenCodeErrorEvent } from "./events.ts";

/** The fields of an error event that decide. */
export type OpenCodeFailureFacts = Pick<
  OpenCodeErrorEvent,
  "name" | "message" | "status" | "type" | "isRetryable"
>;

/** The family of a failure of OpenCode. */
export function classifyOpenCodeFailure(error: OpenCodeFailureFacts): FailureFamily {
  return (
    lookUp(familyByName, error.name) ??
    lookUp(familyByType, error.type) ??
    familyOfRefusedRequest(error) ??
    familyOfAnswer(error)
  );
}

/** A status that says no more than that the request was refused counts less than OpenCode's word that it may be tried again. */
function familyOfAnswer({ status, isRetryable }: OpenCodeFailureFacts): FailureFamily {
  const family = familyOfStatus(status) ?? "unclassified";
  const isVague = family === "invalid_request" || family === "unclassified";
  return isVague && isRetryable ? "transient_upstream" : family;
}

/** A 400 has no type of its own for these; the words are the API's, never the agent's. */
function familyOfRefusedRequest({ name, status, message }: OpenCodeFailureFacts): FailureFamily | undefined {
  if (name !== "APIError" || status !== 400) return undefined;
  if (/credit balance is too low/i.test(message)) return "billing_required";
  const isHistory = /previous_message_id|`?tool_use`? ids were found without|unexpected `?tool_use_id`?/.test(
    message,
  );
  return isHistory ? "poisoned_session" : undefined;
}

/** `error.name`. `APIError` is told by what is in it. */
const familyByName: FamilyTable = {
  ContextOverflowError: "context_overflow",
  ContentFilterError: "model_refusal",
  ProviderAuthError: "auth_required",
  ProviderModelNotFoundError: "model_not_found",
  MessageOutputLengthError: "output_limit",
};

/** The API's own type, where it says more than the status. */
const familyByType: FamilyTable = {
  overloaded_error: "transient_upstream",
  rate_limit_error: "provider_quota",
  rate_limit_exceeded: "provider_quota",
  insufficient_quota: "billing_required",
  billing_error: "billing_required",
  authentication_error: "auth_required",
  permission_error: "auth_required",
  request_too_large: "context_overflow",
};
