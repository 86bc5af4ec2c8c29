import type { Checkpoint } from "./identity/checkpoint.ts";
import type { InvalidUtf8Policy } from "./lines/decode.ts";
import type { LongLinePolicy } from "./lines/splitter.ts";
import type { FileSystem } from "./reading/file-system.ts";
import type { Clock } from "./scheduling/clock.ts";
import type { Scheduler } from "./scheduling/scheduler.ts";
import type { TailEvent } from "./tail.ts";

/** When the file is opened again: see `TailOptions.reopen`. */
export type ReopenPolicy = "auto" | "always" | "on-stale";

/** Where the first line is taken from: see `TailOptions.from`. */
export type TailFrom = "start" | "end" | number | Checkpoint;

/** How a file is followed. Times are in ms, sizes in bytes. */
export interface TailOptions {
  /** Ends the tail at once; the iteration then throws `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * `start`; `end`: behind what is there now; a byte offset; or a checkpoint of an earlier tail. From an offset
   * within a line the rest of that line is delivered as it is. Default `start`.
   */
  readonly from?: TailFrom | undefined;
  /** What to do if the file is not the checkpoint's: fail, or begin at its start. Default `error`. */
  readonly checkpointMismatch?: "error" | "start" | undefined;
  /** How long to wait for the file to appear, ms. Default 30000. */
  readonly waitForFileMs?: number | undefined;
  /**
   * Between polls while the file grows, ms. Default 250. On local file systems the polls of several files are made
   * together, for which each may come up to this much earlier.
   */
  readonly pollIntervalMs?: number | undefined;
  /** Between polls while it does not, ms. Default 1000. */
  readonly idlePollIntervalMs?: number | undefined;
  /** Polls without growth after which the file counts as idle. Default 5. */
  readonly idleAfterPolls?: number | undefined;
  /** Size of one read, bytes, at least 1024. Default 262144. Buffers are shared by the tails of a scheduler. */
  readonly readBufferBytes?: number | undefined;
  /** The longest line that is held in memory, bytes without its newline. Default 67108864 (64 MiB). */
  readonly maxLineBytes?: number | undefined;
  /**
   * What happens to a longer line. `error`: the tail fails; `truncate`: its beginning is delivered, marked as
   * `truncated`; `skip`: it is left out; `split`: it is delivered in pieces of which only the last is `terminated`,
   * cut between characters, so that no byte is lost. Default `error`.
   */
  readonly longLine?: LongLinePolicy | undefined;
  /**
   * What happens to a line that is not UTF-8. `replace`: its text has U+FFFD for what is not; `bytes`: that, and
   * the line carries its `bytes`; `error`: the tail fails. Default `replace`.
   */
  readonly invalidUtf8?: InvalidUtf8Policy | undefined;
  /** Leaves a carriage return at a line's end out of its text. Default false, so that text equals bytes. */
  readonly stripCarriageReturn?: boolean | undefined;
  /**
   * How long NUL bytes are held back, ms, since network file systems show them where data has not arrived yet.
   * After that they are delivered as they are and reported as a hole. 0: not at all. Default 0 on local file
   * systems, 5000 on others.
   */
  readonly nulHoldMs?: number | undefined;
  /** How long input/output errors in a row, or a deleted file, are tolerated, ms. Default 60000. */
  readonly errorBudgetMs?: number | undefined;
  /** The longest wait between two attempts after errors, ms. Default 5000. */
  readonly retryMaxMs?: number | undefined;
  /**
   * How long fresh opens must show the file empty, or below the offset with another beginning, until it counts as
   * truncated, ms. Default 1000 on local file systems, 10000 on others.
   */
  readonly truncationConfirmMs?: number | undefined;
  /**
   * How long fresh opens must show the file as a mere beginning of what was read until it counts as cut, ms: that
   * is what a stale view looks like too. Default `truncationConfirmMs` on local file systems, 60000 on others.
   */
  readonly staleViewMs?: number | undefined;
  /**
   * `always`: a fresh open for each poll, since a held handle need not see what another machine wrote; `on-stale`:
   * only when something looks odd; `auto`: `on-stale` on file systems known to be local, else `always`.
   * Default `auto`.
   */
  readonly reopen?: ReopenPolicy | undefined;
  /** Told what happened to the file. It must not throw. */
  readonly onEvent?: ((event: TailEvent) => void) | undefined;
  /** Bounds the file operations in flight. Default: one for all tails of the process, three operations. */
  readonly scheduler?: Scheduler | undefined;
  /** Default: the process's monotonic clock. */
  readonly clock?: Clock | undefined;
  /** Default: `node:fs`. */
  readonly fileSystem?: FileSystem | undefined;
  /** A number from 0 to below 1, for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}
