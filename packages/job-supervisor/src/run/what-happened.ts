// Decisions about a run that is followed: pure functions from what is known to a word of the table FOLLOW.
import { diagnose } from "../outcome/diagnose.ts";
import type { Facts } from "../outcome/facts.ts";
import type { Outcome, PhaseBounds, RunPhase, WriterState } from "../outcome/outcome.ts";
import { ended } from "../outcome/verdict.ts";
import { writerState } from "../outcome/writer.ts";
import type { RunHappening } from "../way-of-a-run.ts";

/** Why a run is being stopped. */
export type StopReason =
  | { readonly kind: "verdict"; readonly outcome: Outcome }
  | { readonly kind: "cancel"; readonly message: string };

/** What a run does now, with what its state has to know. */
export type RunState =
  | { readonly name: "watching" }
  | { readonly name: "stopping"; readonly why: StopReason; readonly giveUpAt: number }
  | { readonly name: "ended" | "cleaning" | "settled"; readonly outcome: Outcome };

/** What the facts mean in a state. */
export interface Happened {
  readonly on: RunHappening;
  readonly phase: RunPhase;
  readonly detail: string | null;
  /** When to look again although nothing has changed, in ms since the epoch; null: only a change matters. */
  readonly reviewAt: number | null;
  /** The outcome, where there is one. */
  readonly outcome: Outcome | null;
}

/** The pod's grace period is this much longer than the agent's, so that the record is always written. */
const SCRIPT_SLACK_MS = 10_000;

/** How long the death of a writer that was told to end is waited for, in ms. */
export function patienceMs({ graceMs, cleanupMs }: PhaseBounds): number {
  return graceMs + SCRIPT_SLACK_MS + cleanupMs;
}

/** What has happened to a run, by the facts alone. */
export function whatHappened(state: RunState, facts: Facts): Happened | null {
  if (state.name === "watching") return whileWatching(facts);
  if (state.name === "stopping") return whileStopping(state, facts);
  return null;
}

function whileWatching(facts: Facts): Happened {
  const verdict = diagnose(facts);
  if (verdict.state === "ended") {
    const { outcome, mustStop } = verdict;
    return { on: mustStop ? "must_be_stopped" : "ended_by_itself", ...STOPPING, outcome };
  }
  const { phase, detail, reviewAt, needsEvents } = verdict;
  return { on: needsEvents ? "needs_events" : "goes_on", phase, detail, reviewAt, outcome: null };
}

function whileStopping(state: Extract<RunState, { name: "stopping" }>, facts: Facts): Happened {
  const writer = writerState(facts);
  // "Never started" holds only once no pod can come any more: in the foreground the Job goes after its pods.
  const isDead = writer === "dead" || (writer === "never_started" && facts.jobRemovedAt !== null);
  if (!isDead && facts.now < state.giveUpAt)
    return { on: "may_still_write", ...STOPPING, reviewAt: state.giveUpAt, outcome: null };
  const outcome = { ...stoppedOutcome(state.why, facts), writer: isDead ? writer : NOT_CONFIRMED };
  return { on: isDead ? "writer_is_dead" : "patience_is_over", ...STOPPING, outcome };
}

const STOPPING = { phase: "stopping", detail: null, reviewAt: null } as const;
const NOT_CONFIRMED: WriterState = "not_confirmed";

/** What `cancel()` means now: what has ended by itself keeps its own end. */
export function onCancel(facts: Facts): RunHappening {
  return writerState(facts) === "dead" ? "cancelled_too_late" : "cancelled";
}

/** How a run is cleaned up. */
export function onCleanUp(how: {
  readonly retainJob: boolean;
  readonly writer: WriterState;
  /** Another host has taken the Job over. */
  readonly isAnothers: boolean;
}): RunHappening {
  if (how.isAnothers) return "clean_up_of_another";
  if (how.retainJob) return "clean_up_retaining";
  return how.writer === "not_confirmed" ? "clean_up_unconfirmed" : "clean_up";
}

/** The verdict that stopped the run, or the caller's will, with what became known of the end since. */
function stoppedOutcome(why: StopReason, facts: Facts): Outcome {
  if (why.kind === "cancel") {
    const verdict = ended(facts, { kind: "cancelled" }, why.message);
    if (verdict.state !== "ended") throw new TypeError("unreachable: ended() gives an end");
    return verdict.outcome;
  }
  const record = facts.files.record;
  if (!record) return why.outcome;
  return { ...why.outcome, exitRecord: record, exitCode: record.status, signal: record.signal };
}
