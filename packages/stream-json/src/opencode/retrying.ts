// The trouble with a provider that OpenCode keeps to itself, told by its stderr.
import type { AgentFailure, FailureFamily } from "../failure.ts";
import { classifyOpenCodeFailure } from "./classify.ts";
import type { OpenCodeRetrying } from "./run-result.ts";
import type { OpenCodeStderrEvent } from "./stderr.ts";

/** The state of a streak: kept from line to line. */
export interface RetryState {
  /** Streaks so far. */
  readonly streaks: number;
  /** The plugin is there: it says when OpenCode waits. */
  readonly isAnnounced: boolean;
  readonly current?: OpenCodeRetrying;
  /** The session whose calls fail: the conversation's, or a subagent's. */
  readonly sessionId?: string | undefined;
}

/** The state before anything failed. */
export const noRetries: RetryState = { streaks: 0, isAnnounced: false };

/** The state after a line of stderr. */
export function afterStderr(state: RetryState, event: OpenCodeStderrEvent): RetryState {
  if (event.kind === "call_failed") return event.isAside ? state : afterFailedCall(state, event);
  if (event.kind !== "status") return state;
  if (event.status === "retry") return afterAnnouncement(state, event);
  if (state.current === undefined || event.sessionId !== state.sessionId) return state;
  // `idle`: the session has ended, one way or the other.
  return event.status === "idle"
    ? answered(state)
    : { ...state, current: { ...state.current, isWaiting: false } };
}

/** The state after an answer of the model that came to its end, or an error that OpenCode does not try again. */
export function answered({ streaks, isAnnounced }: RetryState): RetryState {
  return { streaks, isAnnounced };
}

/** One failed call may be the session's end, which an error event tells; a second one was a retry for certain. */
function afterFailedCall(
  { streaks, isAnnounced, current, sessionId }: RetryState,
  event: Extract<OpenCodeStderrEvent, { kind: "call_failed" }>,
): RetryState {
  const failure = failureOf(event);
  if (current === undefined || sessionId !== event.sessionId) {
    const first = { streak: streaks + 1, attempts: 1, isWaiting: false, failure };
    return { streaks: streaks + 1, isAnnounced, current: first, sessionId: event.sessionId };
  }
  const next = { ...current, attempts: current.attempts + 1, isWaiting: !isAnnounced, failure };
  return { streaks, isAnnounced, current: next, sessionId };
}

/** OpenCode tells the plugin when it asks again, right after its log has told the failure. */
function afterAnnouncement(
  { streaks, current, sessionId }: RetryState,
  event: Extract<OpenCodeStderrEvent, { kind: "status" }>,
): RetryState {
  const { attempt: attempts = 1, message = "the provider did not answer", nextAt } = event;
  const same = current !== undefined && sessionId === event.sessionId ? current : undefined;
  const isToldByLog = same !== undefined && same.failure.retryAt === undefined;
  // A count that begins again tells of answers in between, which a subagent's session does not print.
  const goesOn = same !== undefined && (isToldByLog ? attempts >= same.attempts : attempts > same.attempts);
  const streak = goesOn ? same.streak : streaks + 1;
  const failure = {
    ...(isToldByLog ? same.failure : inWords(message)),
    ...(nextAt === undefined ? {} : { retryAt: nextAt }),
  };
  const next = { streak, attempts, isWaiting: true, failure };
  const known = { streaks: Math.max(streaks, streak), isAnnounced: true };
  return { ...known, current: next, sessionId: event.sessionId };
}

function failureOf(event: Extract<OpenCodeStderrEvent, { kind: "call_failed" }>): AgentFailure {
  const { type, message } = event;
  const family = type === undefined ? familyOfWords(message) : familyOfType(type, message);
  return { family, message };
}

function familyOfType(type: string, message: string): FailureFamily {
  const family = classifyOpenCodeFailure({ name: "APIError", message, type });
  return family === "unclassified" ? "transient_upstream" : family;
}

function inWords(message: string): AgentFailure {
  return { family: familyOfWords(message), message };
}

/** Neither log nor plugin has the status; these words are the provider's, never the agent's. */
function familyOfWords(message: string): FailureFamily {
  return /rate.?limit|too many requests|usage limit|quota|limit reached|free limit/i.test(message)
    ? "provider_quota"
    : "transient_upstream";
}
