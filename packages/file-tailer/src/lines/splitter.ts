// From chunks of bytes to lines: at the byte 0x0A, whatever surrounds it. In UTF-8 it is part of no other character.
import { FileTailerError } from "../errors.ts";
import type { TailEvent, TailLine } from "../tail.ts";
import { type DecodeOptions, decodeLine, decodeLines, incompleteCharacter } from "./decode.ts";
import { GrowingBuffer } from "./growing-buffer.ts";

/** What happens to a line above `maxLineBytes`. */
export type LongLinePolicy = "error" | "truncate" | "skip" | "split";

/** How lines are cut out of the bytes. */
export interface SplitterOptions extends DecodeOptions {
  /** The longest line that is held in memory, in bytes without its newline. */
  readonly maxLineBytes: number;
  /** What happens to a longer one. */
  readonly longLine: LongLinePolicy;
  /** Told about lines that were left out or cut. */
  readonly onEvent: (event: TailEvent) => void;
}

const NEWLINE = 0x0a;

/** Cuts chunks that follow each other into lines, and keeps what has no newline yet. */
export class Splitter {
  readonly #options: SplitterOptions;
  readonly #partial = new GrowingBuffer();
  /** Byte offset of the line that is not complete yet. */
  #start = 0;
  /** Byte offset of what comes next. */
  #offset = 0;
  /** Whether the line is above the limit, and its remaining bytes are dropped. */
  #dropping = false;

  constructor(options: SplitterOptions) {
    this.#options = options;
  }

  /** Byte offset up to which all was delivered, or left out by the policy. */
  get deliveredOffset(): number {
    return this.#start;
  }

  /**
   * Cuts the next chunk, whose buffer may be used again afterwards, and appends to `lines`. Throws `line_too_long`
   * and `invalid_utf8`; the lines before the bad one have been appended then.
   */
  push(chunk: Buffer, lines: TailLine[]): void {
    let rest = chunk;
    if (this.#offset > this.#start) rest = this.#completePartial(rest, lines);
    const last = rest.lastIndexOf(NEWLINE);
    if (last !== -1) rest = this.#completeLines(rest, last, lines);
    if (rest.length > 0) this.#keep(rest, lines);
  }

  /** Delivers what has no newline, if there is any, since no more will come. */
  flush(): TailLine | undefined {
    if (this.#offset === this.#start) return undefined;
    return this.#endLine(false);
  }

  /** Starts anew at an offset, and drops what has no newline. */
  reset(offset: number): void {
    this.#start = offset;
    this.#offset = offset;
    this.#dropping = false;
    this.#partial.clear();
  }

  #completePartial(chunk: Buffer, lines: TailLine[]): Buffer {
    const newline = chunk.indexOf(NEWLINE);
    this.#keep(newline === -1 ? chunk : chunk.subarray(0, newline), lines);
    if (newline === -1) return chunk.subarray(chunk.length);
    this.#offset++;
    const line = this.#endLine(true);
    if (line) lines.push(line);
    return chunk.subarray(newline + 1);
  }

  #completeLines(chunk: Buffer, last: number, lines: TailLine[]): Buffer {
    if (last <= this.#options.maxLineBytes) {
      decodeLines(chunk.subarray(0, last + 1), this.#offset, lines, this.#options);
      this.#offset += last + 1;
      this.#start = this.#offset;
      return chunk.subarray(last + 1);
    }
    // A line of this block may be too long, so each goes the way of one that comes in pieces.
    let rest = chunk;
    for (let left = last + 1; left > 0; left = last + 1 - (chunk.length - rest.length)) {
      rest = this.#completePartial(rest, lines);
    }
    return rest;
  }

  /** Adds to the line that is not complete yet, within the limit. */
  #keep(bytes: Buffer, lines: TailLine[]): void {
    const { maxLineBytes, longLine } = this.#options;
    let rest = bytes;
    while (!this.#dropping && this.#partial.length + rest.length > maxLineBytes) {
      if (longLine === "error") {
        const message = `The line at byte ${this.#start} is longer than ${maxLineBytes} bytes`;
        throw new FileTailerError("line_too_long", message, { offset: this.#start });
      }
      const room = maxLineBytes - this.#partial.length;
      if (longLine !== "skip") this.#append(rest.subarray(0, room));
      this.#offset += room;
      rest = rest.subarray(room);
      if (longLine === "split") lines.push(this.#cutPiece());
      else this.#dropping = true;
      if (longLine === "skip") this.#partial.clear();
    }
    if (!this.#dropping) this.#append(rest);
    this.#offset += rest.length;
  }

  #append(bytes: Buffer): void {
    this.#partial.append(bytes, this.#options.maxLineBytes);
  }

  /** Delivers the part that is held as a piece, up to the last whole character. */
  #cutPiece(): TailLine {
    const held = this.#partial.view();
    const over = incompleteCharacter(held);
    // A limit below one character still has to make progress.
    const cut = over < held.length ? held.length - over : held.length;
    const kept = Buffer.from(held.subarray(cut));
    const end = this.#start + cut;
    const piece = decodeLine(
      held.subarray(0, cut),
      { start: this.#start, end, terminated: false },
      this.#options,
    );
    this.#partial.clear();
    this.#append(kept);
    this.#start = end;
    return piece;
  }

  #endLine(terminated: boolean): TailLine | undefined {
    const span = { start: this.#start, end: this.#offset, terminated };
    const line = this.#dropping ? this.#endLongLine(span) : this.#decodeHeld(span);
    this.reset(this.#offset);
    return line;
  }

  #decodeHeld(span: { start: number; end: number; terminated: boolean }): TailLine {
    return decodeLine(this.#partial.view(), span, this.#options);
  }

  #endLongLine(span: { start: number; end: number; terminated: boolean }): TailLine | undefined {
    const { start, end, terminated } = span;
    const skip = this.#options.longLine === "skip";
    this.#options.onEvent({ kind: skip ? "line_skipped" : "line_truncated", start, end });
    if (skip) return undefined;
    const held = this.#partial.view();
    const whole = held.subarray(0, held.length - incompleteCharacter(held));
    return { ...decodeLine(whole, { start, end, terminated }, this.#options), truncated: true };
  }
}
