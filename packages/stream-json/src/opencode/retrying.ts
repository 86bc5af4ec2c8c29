// The trouble with a provider that OpenCode keeps to itself, told by its stderr.
import type { AgentFailure, FailureFamily } from "../failure.ts";
import { classifyOpenCodeFailure } from "./classify.ts";
import type { OpenCodeRetrying } from "./run-result.ts";
import type { OpenCodeStderrEvent } from "./stderr.ts";

/** The trouble of the sessions of a run: kept from line to line. */
export interface RetryState {
  /** Streaks so far. Trouble that there is belongs to the last one. */
  readonly streaks: number;
  /** The plugin is there: it says when OpenCode waits. */
  readonly isAnnounced: boolean;
  /** By session: the conversation's own, and those of subagents, which run at the same time. The last to tell comes last. */
  readonly troubles: ReadonlyMap<string | undefined, Trouble>;
  /** Answers in a row with nothing in them, ended for a reason that OpenCode does not know. */
  readonly emptyAnswers: number;
}

type Trouble = Omit<OpenCodeRetrying, "streak">;

/** Sessions that are remembered; more subagents are hardly asked for at a time. */
const REMEMBERED = 16;

/** Such answers from which on they are trouble: OpenCode asks again at once, dozens of times a second. */
const EMPTY_ANSWERS = 20;

/** The state before anything failed. */
export const noRetries: RetryState = { streaks: 0, isAnnounced: false, troubles: new Map(), emptyAnswers: 0 };

/** The trouble to tell: that of a session that waits, where one does. */
export function currentTrouble({ streaks, troubles }: RetryState): OpenCodeRetrying | undefined {
  if (troubles.size === 0) return undefined;
  const all = [...troubles.values()];
  const told = all.findLast(({ isWaiting }) => isWaiting) ?? all.at(-1);
  return told === undefined ? undefined : { streak: streaks, ...told };
}

/** The state after a line of stderr. */
export function afterStderr(state: RetryState, event: OpenCodeStderrEvent): RetryState {
  if (event.kind === "call_failed") return event.isAside ? state : afterFailedCall(state, event);
  if (event.kind !== "status") return state;
  if (event.status === "retry") return afterAnnouncement(state, event);
  const trouble = state.troubles.get(event.sessionId);
  if (trouble === undefined) return state;
  // `idle`: the session has ended, one way or the other.
  const left = event.status === "idle" ? undefined : { ...trouble, isWaiting: false };
  return { ...state, troubles: withTrouble(state, event.sessionId, left) };
}

/** The state after an answer of the model that came to its end, or an error that OpenCode does not try again. */
export function answered({ streaks, isAnnounced }: RetryState): RetryState {
  return { ...noRetries, streaks, isAnnounced };
}

/**
 * The state after an answer with nothing in it that ended for a reason that OpenCode does not know, such as the page of
 * a gateway in the provider's place. OpenCode asks again without an end.
 */
export function answeredNothing(state: RetryState, sessionId: string | undefined): RetryState {
  const emptyAnswers = state.emptyAnswers + 1;
  if (emptyAnswers < EMPTY_ANSWERS) return { ...answered(state), emptyAnswers };
  const trouble = { attempts: emptyAnswers, isWaiting: true, failure: endsForNoReason };
  return {
    ...state,
    emptyAnswers,
    streaks: emptyAnswers === EMPTY_ANSWERS ? state.streaks + 1 : state.streaks,
    troubles: new Map([[sessionId, trouble]]),
  };
}

const endsForNoReason: AgentFailure = {
  family: "transient_upstream",
  message: "The provider ends its answers for no known reason",
};

/** One failed call may be the session's end, which an error event tells; a second one was a retry for certain. */
function afterFailedCall(
  state: RetryState,
  event: Extract<OpenCodeStderrEvent, { kind: "call_failed" }>,
): RetryState {
  const before = state.troubles.get(event.sessionId);
  const trouble = {
    attempts: (before?.attempts ?? 0) + 1,
    isWaiting: before !== undefined && !state.isAnnounced,
    failure: failureOf(event),
  };
  return {
    ...state,
    streaks: before === undefined ? streakOfNewTrouble(state) : state.streaks,
    troubles: withTrouble(state, event.sessionId, trouble),
  };
}

/** OpenCode tells the plugin when it asks again, right after its log has told the failure. */
function afterAnnouncement(
  state: RetryState,
  event: Extract<OpenCodeStderrEvent, { kind: "status" }>,
): RetryState {
  const { attempt: attempts = 1, message = "the provider did not answer", nextAt } = event;
  const before = state.troubles.get(event.sessionId);
  const isToldByLog = before !== undefined && before.failure.retryAt === undefined;
  const failure = {
    ...(isToldByLog ? before.failure : inWords(message)),
    ...(nextAt === undefined ? {} : { retryAt: nextAt }),
  };
  return {
    streaks: streakOf({ state, before, attempts, isToldByLog }),
    isAnnounced: true,
    emptyAnswers: state.emptyAnswers,
    troubles: withTrouble(state, event.sessionId, { attempts, isWaiting: true, failure }),
  };
}

function streakOf(options: {
  state: RetryState;
  before: Trouble | undefined;
  attempts: number;
  isToldByLog: boolean;
}): number {
  const { state, before, attempts, isToldByLog } = options;
  if (before === undefined) return streakOfNewTrouble(state);
  const goesOn = isToldByLog ? attempts >= before.attempts : attempts > before.attempts;
  // A count that begins again tells of answers in between, which a subagent's session does not print.
  return goesOn ? state.streaks : state.streaks + 1;
}

/**
 * Sessions that wait at the same time wait for the same outage, whichever was the first. One that does not wait may have
 * got its answer long ago.
 */
function streakOfNewTrouble({ streaks, troubles }: RetryState): number {
  return [...troubles.values()].some(({ isWaiting }) => isWaiting) ? streaks : streaks + 1;
}

function withTrouble(
  { troubles }: RetryState,
  sessionId: string | undefined,
  trouble: Trouble | undefined,
): RetryState["troubles"] {
  const next = new Map(troubles);
  next.delete(sessionId);
  if (trouble !== undefined) next.set(sessionId, trouble);
  for (const oldest of next.keys()) {
    if (next.size <= REMEMBERED) break;
    next.delete(oldest);
  }
  return next;
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
