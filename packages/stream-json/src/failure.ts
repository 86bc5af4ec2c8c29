/**
 * What kind of failure ended a run. Each asks for something else:
 *
 * - `transient_upstream`: the provider or the way to it failed; try again soon.
 * - `provider_quota`: a rate or usage limit; try again at `retryAt`, or later where that is unknown.
 * - `billing_required`: the account has no credit; somebody has to pay.
 * - `auth_required`: no login, or one that is refused.
 * - `model_not_found`: the model does not exist for this account.
 * - `model_refusal`: the model or a safety check refused the request.
 * - `context_overflow`: the conversation does not fit; a fresh session does.
 * - `poisoned_session`: the API refuses the session's history; only a fresh session helps.
 * - `unknown_session`: the session to resume is not there.
 * - `output_limit`: the answer was longer than the limit.
 * - `max_turns`, `max_budget`: a limit that the caller set.
 * - `invalid_request`: the API refused the request for another reason.
 * - `unclassified`: none of these.
 */
export type FailureFamily =
  | "transient_upstream"
  | "provider_quota"
  | "billing_required"
  | "auth_required"
  | "model_not_found"
  | "model_refusal"
  | "context_overflow"
  | "poisoned_session"
  | "unknown_session"
  | "output_limit"
  | "max_turns"
  | "max_budget"
  | "invalid_request"
  | "unclassified";

/** A failure, told by structured events only. */
export interface AgentFailure {
  readonly family: FailureFamily;
  /** The CLI's own words. */
  readonly message: string;
  /** HTTP status of the API call that failed. */
  readonly status?: number;
  /** ms since the epoch before which a retry is useless. */
  readonly retryAt?: number;
}
