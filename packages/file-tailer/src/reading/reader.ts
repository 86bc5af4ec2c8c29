// Reads one file in steps: a round begins with a look whether the file is still itself, and ends where no more
// bytes are. What `read` returns past the known offset is the truth; sizes never limit it.
import type { Counters } from "../counters.ts";
import { type Comparison, compareBytes, type Excerpt, History } from "../identity/history.ts";
import { Stillness } from "../identity/stillness.ts";
import { Suspicion, suspicionLimits } from "../identity/suspicion.ts";
import { BATCH_BYTES, batchEnd } from "../lines/batch-end.ts";
import { Splitter } from "../lines/splitter.ts";
import type { ResolvedOptions } from "../resolve-options.ts";
import type { TailEvent, TailLine } from "../tail.ts";
import { NulHold } from "./nul-hold.ts";
import { type Found, Source } from "./source.ts";

/** Where a round ended. `quiet`: at the end of the file; all others: before it can be said where that is. */
export type RoundEnd = "quiet" | "held" | "zeros" | "short" | "different" | "missing" | "other";

/** What one step brought: lines, perhaps none yet, with more to read at once; or the end of the round. */
export type Step =
  | { readonly kind: "lines"; readonly lines: readonly TailLine[] }
  | { readonly kind: "end"; readonly end: RoundEnd };

/** Quiet rounds on a held handle after which the path is asked whether it still means this file. */
const LOOK_AT_PATH_EVERY = 4;
const NOTHING: Excerpt = { start: 0, bytes: Buffer.alloc(0) };

/** Reads a file from the position in its history on. */
export class Reader {
  readonly source: Source;
  readonly history = new History();
  /** Whether the position was taken that the first line is read from. */
  positioned = false;
  readonly #options: ResolvedOptions;
  readonly #counters: Counters;
  readonly #splitter: Splitter;
  #hold: NulHold | undefined;
  readonly #stillness = new Stillness();
  #suspicion: Suspicion | undefined;
  #inRound = false;
  #wantsFresh = true;
  #found: Found | "held_handle" = "held_handle";
  #quietRounds = 0;
  /** What the last step read and no line was made of yet. */
  #uncut = NOTHING.bytes;
  #failure: unknown;

  constructor(options: ResolvedOptions, counters: Counters) {
    this.#options = options;
    this.#counters = counters;
    this.source = new Source(options);
    const onEvent = (event: TailEvent): void => this.#onLineEvent(event);
    const onInvalid = (): void => {
      counters.invalidLines++;
    };
    this.#splitter = new Splitter({ ...options, onEvent, onInvalid });
  }

  /** Whether NUL bytes are held back. */
  get holding(): boolean {
    return this.#hold?.holding ?? false;
  }

  /** Lets NUL bytes through that are held back, at the next step, and all that follow in this file. */
  giveUpHold(): void {
    this.#hold?.giveUp();
  }

  /** Makes the next round begin with a fresh open. */
  wantFresh(): void {
    this.#wantsFresh = true;
  }

  /** Begins at an offset whose surrounding bytes are known. */
  enter(offset: number, head: Buffer, recent: Buffer): void {
    this.history.reset(offset, head, recent);
    this.#splitter.reset(offset);
  }

  /** Looks, without waiting, whether a round would find anything; if not, that was the round. */
  isStill(): boolean {
    if (this.#inRound || this.#wantsFresh || this.#failure !== undefined) return false;
    if (!this.#looksStill()) return false;
    this.#counters.polls++;
    return true;
  }

  /** Reads once. Rejects with the file system's error, `line_too_long` or `invalid_utf8`. */
  async step(): Promise<Step> {
    const inRound = this.#inRound;
    this.#inRound = false;
    this.#uncut = NOTHING.bytes;
    if (this.#failure !== undefined) throw this.#failure;
    const step = inRound ? await this.#readOn() : await this.#beginRound();
    if (step.kind === "end") return this.#endRound(step.end);
    this.#inRound = true;
    // By the time of the next read it is one.
    if (this.#found === "file") this.#found = "held_handle";
    return step;
  }

  /** More lines of what the last step read, or undefined if all of it was taken. */
  moreLines(): readonly TailLine[] | undefined {
    if (this.#uncut.length === 0 || this.#failure !== undefined) return undefined;
    return this.#splitSome(this.#uncut);
  }

  /** Delivers the rest that has no newline. */
  flush(): readonly TailLine[] {
    const line = this.#splitter.flush();
    this.history.cut(this.history.offset);
    return line ? [line] : [];
  }

  async #beginRound(): Promise<Step> {
    this.#counters.polls++;
    this.#found = await this.#openAsNeeded();
    if (!this.source.isOpen) return { kind: "end", end: this.#found === "other" ? "other" : "missing" };
    if (this.#looksStill() && this.#found === "held_handle") return { kind: "end", end: "quiet" };
    return this.#readOn();
  }

  /**
   * Reads at the offset. The bytes before it are read again with the new ones, which costs next to nothing and shows a
   * file that was rewritten since the last read, however long ago that was: the consumer may take its time.
   */
  #readOn(): Promise<Step> {
    const recent = this.history.recent();
    return this.source.chunks.read(recent.start, recent.bytes.length, (chunk) => this.#verify(recent, chunk));
  }

  async #openAsNeeded(): Promise<Found | "held_handle"> {
    const { source, history } = this;
    let fresh = this.#wantsFresh || !source.isOpen || source.distrusted;
    if (!fresh && this.#asksPath()) fresh = await source.looksOdd(history);
    if (!fresh) return "held_handle";
    const found = await source.refresh(history);
    this.#wantsFresh = false;
    return found;
  }

  #asksPath(): boolean {
    return this.#quietRounds % LOOK_AT_PATH_EVERY === LOOK_AT_PATH_EVERY - 1;
  }

  #looksStill(): boolean {
    return this.#stillness.note(this.source.glance(), this.#options.clock.now());
  }

  #verify(recent: Excerpt, chunk: Buffer): Step {
    const overlap = recent.bytes.length;
    const comparison = this.#compare(recent.bytes, chunk.subarray(0, overlap));
    if (comparison === "same") return this.#take(chunk.subarray(overlap), this.#isFull(chunk));
    return { kind: "end", end: comparison === "nul" ? "zeros" : comparison };
  }

  /** On a local file system zeros in place of text are another text. */
  #compare(remembered: Buffer, read: Buffer): Comparison {
    const comparison = compareBytes(remembered, read);
    return comparison === "nul" && this.source.kind === "local" ? "different" : comparison;
  }

  #isFull(chunk: Buffer): boolean {
    return chunk.length === this.#options.readBufferBytes;
  }

  #take(chunk: Buffer, full: boolean): Step {
    if (chunk.length === 0) return { kind: "end", end: "quiet" };
    const base = this.history.offset;
    const now = this.#options.clock.now();
    this.#hold ??= new NulHold(this.#nulHoldMs());
    const { usable, holes } = this.#hold.check({ chunk, base, full, sizeHint: this.source.sizeHint, now });
    for (const hole of holes) this.#options.onEvent({ kind: "hole", ...hole });
    this.#counters.holes += holes.length;
    if (usable === 0) return { kind: "end", end: "held" };
    this.#quietRounds = 0;
    const bytes = chunk.subarray(0, usable);
    const lines =
      usable > BATCH_BYTES && this.source.chunks.keep() ? this.#splitSome(bytes) : this.#split(bytes);
    return { kind: "lines", lines };
  }

  /** Cuts the next few lines, and leaves the rest to `moreLines`. */
  #splitSome(bytes: Buffer): TailLine[] {
    const length = batchEnd(bytes);
    this.#uncut = bytes.subarray(length);
    const lines = this.#split(bytes.subarray(0, length));
    if (this.#uncut.length === 0) this.source.chunks.giveBack();
    return lines;
  }

  #split(chunk: Buffer): TailLine[] {
    const lines: TailLine[] = [];
    try {
      this.#splitter.push(chunk, lines);
    } catch (error) {
      // The lines before the bad one are delivered first.
      this.#failure = error;
    }
    const { history } = this;
    const delivered = this.#splitter.deliveredOffset;
    const before = Math.max(0, delivered - history.offset);
    if (before > 0) history.push(chunk.subarray(0, before));
    if (delivered > history.cutOffset) history.cut(delivered);
    if (before < chunk.length) history.push(chunk.subarray(before));
    return lines;
  }

  async #endRound(end: RoundEnd): Promise<Step> {
    this.#quietRounds++;
    const state =
      end === "quiet" && this.#found !== "file" && this.#found !== "held_handle" ? this.#found : end;
    if (state !== "quiet") this.#wantsFresh = true;
    if (state === "quiet") {
      this.#suspicion?.clear();
      this.#stillness.readToEnd(this.history.offset, this.#options.clock.now());
    } else {
      this.#stillness.forget();
    }
    const startsOver = await this.#startsOver(state);
    return startsOver ?? { kind: "end", end: state };
  }

  /** Begins anew if enough looks have shown that the file was cut or replaced. */
  async #startsOver(state: RoundEnd): Promise<Step | undefined> {
    if (state === "other") return this.#suspect("replaced");
    // What a held handle shows is no evidence; the next round has a fresh one.
    if (this.#found !== "file") return undefined;
    if (state === "different") return this.#suspect("different");
    if (state !== "short" && state !== "zeros") return undefined;
    const head = this.history.head();
    const read = await this.source.readRange(0, Math.max(1, head.bytes.length));
    if (read.length === 0) return this.#suspect("empty");
    const comparison = this.#compare(head.bytes, read);
    if (comparison === "different") return this.#suspect("different");
    return comparison === "nul" || state === "zeros" ? undefined : this.#suspect("shorter");
  }

  async #suspect(kind: Parameters<Suspicion["note"]>[0]): Promise<Step | undefined> {
    this.#suspicion ??= new Suspicion(suspicionLimits(this.#options, this.source.kind));
    const now = this.#options.clock.now();
    const offset = this.history.offset;
    if (this.#suspicion.note(kind, now)) this.#options.onEvent({ kind: "stale", offset });
    if (!this.#suspicion.confirmed(now)) return undefined;
    const to = kind === "shorter" ? await this.#newEnd() : { offset: 0 };
    if (!to) return undefined;
    this.#suspicion.clear();
    const lines = this.flush();
    if (kind === "replaced") {
      await this.source.adoptOther();
      this.#counters.replacements++;
      this.#options.onEvent({ kind: "replaced", offset });
    } else {
      this.#counters.truncations++;
      this.#options.onEvent({ kind: "truncated", offset, to: to.offset });
    }
    this.#hold?.reset();
    this.enter(to.offset, to.head ?? NOTHING.bytes, to.recent ?? NOTHING.bytes);
    return { kind: "lines", lines };
  }

  /** Where the file ends that was cut to a beginning of itself, unless size and content disagree on it. */
  async #newEnd(): Promise<{ offset: number; head?: Buffer; recent?: Buffer } | undefined> {
    const offset = this.source.sizeHint;
    const recent = await this.source.readRange(Math.max(0, offset - 64), Math.min(64, offset) + 1);
    if (offset === 0 || recent.length !== Math.min(64, offset)) return undefined;
    return { offset, head: Buffer.from(this.history.head().bytes.subarray(0, offset)), recent };
  }

  /** On a local file system a NUL byte is what somebody wrote. */
  #nulHoldMs(): number {
    return this.#options.nulHoldMs ?? (this.source.kind === "local" ? 0 : 5000);
  }

  #onLineEvent(event: TailEvent): void {
    if (event.kind === "line_skipped") this.#counters.skippedLines++;
    if (event.kind === "line_truncated") this.#counters.truncatedLines++;
    this.#options.onEvent(event);
  }
}
