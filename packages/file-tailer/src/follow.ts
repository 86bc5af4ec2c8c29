// The loop: wait → read → split → deliver → finish.
import type { Control } from "./control.ts";
import { type Counters, countBatch } from "./counters.ts";
import { FileTailerError } from "./errors.ts";
import { suspicionLimits } from "./identity/suspicion.ts";
import { enter, notEntered } from "./reading/enter.ts";
import type { Reader, RoundEnd, Step } from "./reading/reader.ts";
import { ErrorBudget, errorCode, isTransient } from "./reading/transient-errors.ts";
import { type Appearance, waitForFile } from "./reading/wait-for-file.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import { pollInterval } from "./scheduling/poll-interval.ts";
import type { FinishResult, TailBatch } from "./tail.ts";

/** What the loop works with. */
export interface Parts {
  readonly options: ResolvedOptions;
  readonly control: Control;
  readonly reader: Reader;
  readonly counters: Counters;
}

/** How the loop ended, if it was not stopped and did not throw. */
export interface Ending {
  readonly reason: Extract<FinishResult["reason"], "complete" | "timeout" | "missing">;
  readonly error?: FileTailerError;
}

/** A step, or the error that was waited out in its place. */
type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly retryInMs: number };

const STILL: Attempt<Step> = { ok: true, value: { kind: "end", end: "quiet" } };

/** Yields batches until `finish` has what it wants, or the tail is stopped (then it returns undefined). */
export async function* follow(parts: Parts): AsyncGenerator<TailBatch, Ending | undefined, void> {
  const { options, control, reader } = parts;
  const retry = new Retry(parts);
  const appeared = await waitForFile(options, control);
  reader.positioned = appeared !== undefined && (await takePosition(parts, appeared, retry));
  if (!reader.positioned) return control.stopped ? undefined : { reason: "missing" };
  options.onEvent({ kind: "entered", offset: reader.history.offset });
  const pace = new Pace(parts);
  for (;;) {
    pace.beforeStep();
    const step = reader.isStill() ? STILL : await retry.attempt(() => reader.step());
    if (control.stopped || !step) return undefined;
    if (step.ok && step.value.kind === "lines") {
      pace.grew();
      let lines: TailBatch | undefined = step.value.lines;
      for (; lines && !control.stopped; lines = reader.moreLines()) {
        handOver(parts, lines);
        if (lines.length > 0) yield lines;
      }
      continue;
    }
    const next = pace.afterRound(step);
    if (typeof next === "object") {
      const rest = reader.flush();
      handOver(parts, rest);
      if (rest.length > 0) yield rest;
      return retry.lastError && next.reason === "timeout" ? { ...next, error: retry.lastError } : next;
    }
    if (next > 0) await control.sleep(next, gridFor(parts, step));
    if (control.takeWake()) pace.woken();
    if (control.stopped) return undefined;
  }
}

/** Polls of local files wait for each other; a network file system is better asked for one file after the other. */
function gridFor({ options, control, reader }: Parts, step: Attempt<Step>): number | undefined {
  return step.ok && reader.source.local && !control.hurried ? options.pollIntervalMs : undefined;
}

/** Takes note that the consumer gets the lines. */
function handOver({ reader, counters }: Parts, lines: TailBatch): void {
  reader.history.handOver();
  if (lines.length > 0) countBatch(counters, lines);
}

/** Resolves to true once the reader is where `from` says, to false if stopped, or finished before that. */
async function takePosition(parts: Parts, appeared: Appearance, retry: Retry): Promise<boolean> {
  const { options, control, reader } = parts;
  const start = options.clock.now();
  let mismatches = 0;
  let shortSince: number | undefined;
  for (;;) {
    const entered = await retry.attempt(() => enter(reader, options, appeared));
    if (control.stopped || !entered) return false;
    if (entered.ok && entered.value === "entered") {
      reader.history.handOver();
      return true;
    }
    const now = options.clock.now();
    const { finishing, finishingSince } = control;
    const enough = finishing !== undefined && now - finishingSince >= finishing.timeoutMs;
    if (enough && (!entered.ok || entered.value === "missing")) return false;
    if (entered.ok && entered.value !== "entered") {
      // One look may show an old state of the file; two in a row are believed.
      mismatches = entered.value === "mismatch" ? mismatches + 1 : 0;
      shortSince = entered.value === "short" ? (shortSince ?? now) : undefined;
      const late = enough || now - start >= options.waitForFileMs;
      const other = mismatches >= 2 || (late && entered.value === "nul");
      const { truncationConfirmMs } = suspicionLimits(options, reader.source.kind);
      const cut = typeof options.from === "object" && now - (shortSince ?? now) >= truncationConfirmMs;
      if ((other || cut) && options.checkpointMismatch === "start") return true;
      if (other || late) throw notEntered(entered.value, options);
    }
    await control.sleep(entered.ok ? options.pollIntervalMs : entered.retryInMs);
    control.takeWake();
  }
}

/** Waits out errors that go away, within a budget. */
class Retry {
  readonly #parts: Parts;
  readonly #budget: ErrorBudget;
  lastError: FileTailerError | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#budget = new ErrorBudget(parts.options);
  }

  /** Does the work once: its value, or how long to wait for the next attempt; undefined if stopped meanwhile. */
  async attempt<T>(work: () => Promise<T>): Promise<Attempt<T> | undefined> {
    const { control, reader } = this.#parts;
    try {
      const value = await control.untilStopped(work());
      if (value === undefined) return undefined;
      this.#budget.refill();
      this.lastError = undefined;
      return { ok: true, value };
    } catch (error) {
      const retryInMs = this.#waitAfter(error);
      await control.untilStopped(reader.source.drop());
      return { ok: false, retryInMs };
    }
  }

  #waitAfter(error: unknown): number {
    const { path, clock, onEvent } = this.#parts.options;
    if (error instanceof FileTailerError) throw error;
    const { offset } = this.#parts.reader.history;
    const details = { path, offset, cause: error };
    this.lastError = new FileTailerError("io_error", `Cannot read ${path}: ${errorCode(error)}`, details);
    const retryInMs = isTransient(error) ? this.#budget.spend(clock.now()) : undefined;
    if (retryInMs === undefined) throw this.lastError;
    this.#parts.counters.transientErrors++;
    onEvent({ kind: "transient_error", errorCode: errorCode(error), retryInMs });
    return retryInMs;
  }
}

/** Decides, at the end of each round, how long to wait for the next one, or that there is none. */
class Pace {
  readonly #parts: Parts;
  #pollsWithoutGrowth = 0;
  #grewAt: number;
  #missingSince: number | undefined;
  #atRoundStart = true;
  /** Whether the round began after `finish` was asked for, and so with a fresh open. */
  #isFinalRound = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#grewAt = parts.options.clock.now();
  }

  beforeStep(): void {
    if (!this.#atRoundStart) return;
    const { control, reader } = this.#parts;
    this.#isFinalRound = control.finishing !== undefined;
    if (control.hurried) reader.wantFresh();
  }

  grew(): void {
    this.#grewAt = this.#parts.options.clock.now();
    this.#pollsWithoutGrowth = 0;
    this.#missingSince = undefined;
    this.#atRoundStart = false;
  }

  woken(): void {
    this.#pollsWithoutGrowth = 0;
  }

  /** The wait in ms until the next round, or how the tail ends. */
  afterRound(step: Attempt<Step>): number | Ending {
    const { control } = this.#parts;
    this.#atRoundStart = true;
    const end = step.ok && step.value.kind === "end" ? step.value.end : undefined;
    this.#watchMissing(end);
    if (control.finishing) return this.#towardsEnd(end, step);
    if (!step.ok) return step.retryInMs;
    return this.#pollWait(end);
  }

  #pollWait(end: RoundEnd | undefined): number {
    const { options } = this.#parts;
    const wait = pollInterval(this.#pollsWithoutGrowth, options);
    this.#pollsWithoutGrowth++;
    // What a network file system holds back it may show at any moment: it is not idle.
    return end === "held" || end === "zeros" ? options.pollIntervalMs : wait;
  }

  #towardsEnd(end: RoundEnd | undefined, step: Attempt<Step>): number | Ending {
    const { options, control, reader } = this.#parts;
    const { expectedBytes, timeoutMs } = control.finishing!;
    if (!this.#isFinalRound) return 0;
    // A view that is short or gone by now takes nothing away from what the writer counted and this tail has read.
    const past = expectedBytes !== undefined && (end === "short" || end === "missing");
    if (end === "quiet" || past) {
      const wanted = expectedBytes ?? reader.source.sizeHint;
      if (reader.history.offset >= wanted) return { reason: "complete" };
    }
    // As long as it takes: nobody waits for it any more than for a line.
    if (!control.hurried && step.ok) return this.#pollWait(end);
    const since = Math.max(this.#grewAt, control.finishingSince);
    const left = since + timeoutMs - options.clock.now();
    // A finish asks at a fifth of the poll interval, since somebody waits for it.
    const wait = Math.min(step.ok ? options.pollIntervalMs / 5 : step.retryInMs, left);
    if (left > 0) return Math.max(1, wait);
    if (!reader.holding) return { reason: "timeout" };
    reader.giveUpHold();
    return 1;
  }

  #watchMissing(end: RoundEnd | undefined): void {
    const { options, control, reader } = this.#parts;
    if (end !== "missing") {
      if (end !== undefined) this.#missingSince = undefined;
      return;
    }
    const now = options.clock.now();
    const { path } = options;
    const { offset } = reader.history;
    if (this.#missingSince === undefined) {
      this.#missingSince = now;
      options.onEvent({ kind: "missing", offset });
    }
    if (control.finishing || now - this.#missingSince < options.errorBudgetMs) return;
    throw new FileTailerError("file_disappeared", `Deleted and not back: ${path}`, { path, offset });
  }
}
