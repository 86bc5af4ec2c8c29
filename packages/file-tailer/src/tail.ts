// The public face of a tail: its lines, its events, its figures, its end.
import type { FileTailerError } from "./errors.ts";
import type { Checkpoint } from "./identity/checkpoint.ts";

/** One line of the file. */
export interface TailLine {
  /** The line without its newline. A carriage return is part of it unless `stripCarriageReturn` is set. */
  readonly text: string;
  /** Byte offset of the line's first byte. */
  readonly start: number;
  /** Byte offset after the line's last byte, its newline included. */
  readonly end: number;
  /** False if no newline was read: the last line of a file, or a piece of a line that `longLine: "split"` cut. */
  readonly terminated: boolean;
  /** The line's bytes, newline excluded: only with `invalidUtf8: "bytes"`, and only if they are not valid UTF-8. */
  readonly bytes?: Uint8Array;
  /** True if `longLine: "truncate"` cut the text. */
  readonly truncated?: true;
}

/** Lines that were read together, in the file's order; never empty. */
export type TailBatch = readonly TailLine[];

/** What `finish` is told about the file's end. */
export interface FinishOptions {
  /** How many bytes the writer says it has written. Default: unknown; the end is where a fresh open ends. */
  readonly expectedBytes?: number;
  /** How long to wait for missing bytes, in ms without any new byte. Default 5000. */
  readonly timeoutMs?: number;
}

/** How a tail ended. */
export interface FinishResult {
  /** True if all `expectedBytes` were delivered or, where none were given, all up to the end of the file. */
  readonly complete: boolean;
  /**
   * `complete`; `timeout`: bytes were missing until the end of the wait; `missing`: there was no file;
   * `stopped`: ended by `stop`, by the signal, or by the consumer; `failed`: the iteration threw `error`.
   */
  readonly reason: "complete" | "timeout" | "missing" | "stopped" | "failed";
  /** Bytes that this tail delivered, newlines included. */
  readonly bytes: number;
  /** Lines that this tail delivered. */
  readonly lines: number;
  /** Byte offset in the file up to which all was delivered. */
  readonly offset: number;
  /** Runs of NUL bytes that were delivered since nothing replaced them in time. */
  readonly holes: number;
  /** Why the iteration threw, or the last input/output error before a timeout. */
  readonly error?: FileTailerError;
}

/** Something that happened to the file, for logs. Delivered to `onEvent`. */
export type TailEvent =
  /** The file is there, and the offset was taken that the first line begins at: `checkpoint()` knows it from now on. */
  | { readonly kind: "entered"; readonly offset: number }
  | { readonly kind: "replaced"; readonly offset: number }
  | { readonly kind: "truncated"; readonly offset: number; readonly to: number }
  | { readonly kind: "missing"; readonly offset: number }
  | { readonly kind: "stale"; readonly offset: number }
  | { readonly kind: "hole"; readonly start: number; readonly end: number }
  | { readonly kind: "transient_error"; readonly errorCode: string; readonly retryInMs: number }
  | { readonly kind: "line_skipped"; readonly start: number; readonly end: number }
  | { readonly kind: "line_truncated"; readonly start: number; readonly end: number };

/** Counters of one tail, from its start. */
export interface TailStats {
  /** Bytes delivered, newlines included. */
  readonly bytes: number;
  /** Lines delivered. */
  readonly lines: number;
  /** Batches delivered. */
  readonly batches: number;
  /** Rounds of reading to the end of the file. */
  readonly polls: number;
  /** How often the file was opened. */
  readonly opens: number;
  /** Input/output errors that were waited out. */
  readonly transientErrors: number;
  /** Runs of NUL bytes delivered since nothing replaced them in time. */
  readonly holes: number;
  /** How often another file was found at the path. */
  readonly replacements: number;
  /** How often the file was found cut. */
  readonly truncations: number;
  /** Lines left out by `longLine: "skip"`. */
  readonly skippedLines: number;
  /** Lines cut by `longLine: "truncate"`. */
  readonly truncatedLines: number;
  /** Lines that were not valid UTF-8. */
  readonly invalidLines: number;
  /** Byte offset up to which the file was read. */
  readonly offset: number;
  /** Byte offset up to which lines were delivered. */
  readonly deliveredOffset: number;
  /** The largest size that `stat` gave less what was read, in bytes: a hint, since sizes may be stale. */
  readonly lagBytes: number;
}

/** A file that is being followed: an async iterable of batches of lines, to be iterated once. */
export interface Tail extends AsyncIterable<TailBatch>, AsyncDisposable {
  /** The path that is followed. */
  readonly path: string;
  /**
   * The writer is known to have ended: reads on to the end on a fresh open, waits for `expectedBytes` within a
   * bound, delivers an unterminated last line, and then ends the iteration. Resolves when the consumer has taken
   * the last batch and asked for more, so it needs a consumer. It never rejects: a failure is in the result. Throws
   * `invalid_option` for a number that it cannot use. With `timeoutMs` of Infinity it goes on polling as before, until
   * `expectedBytes` are there.
   */
  finish(options?: FinishOptions): Promise<FinishResult>;
  /** Looks at the file now instead of at the next poll, and goes back to the short poll interval. */
  wake(): void;
  /**
   * Where to resume after the lines that were delivered so far, as small JSON. Before the file was entered: where the
   * tail is to begin, which for `from: "end"` is not known yet and counts as the start.
   */
  checkpoint(): Checkpoint;
  /** The counters as they are now. */
  stats(): TailStats;
  /** Ends the iteration at once, without another read, and closes the file. Never rejects. */
  stop(): Promise<void>;
}
