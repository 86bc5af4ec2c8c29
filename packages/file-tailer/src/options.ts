import { FileTailerError } from "./errors.ts";
import { type Checkpoint, isCheckpoint } from "./identity/checkpoint.ts";
import type { InvalidUtf8Policy } from "./lines/decode.ts";
import type { LongLinePolicy } from "./lines/splitter.ts";
import type { FileSystem } from "./reading/file-system.ts";
import { nodeFileSystem } from "./reading/node-file-system.ts";
import { type Clock, systemClock } from "./scheduling/clock.ts";
import { type Scheduler, sharedScheduler } from "./scheduling/scheduler.ts";
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
  /** Between polls while the file grows, ms. Default 250. */
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
   * After that they are delivered as they are and reported as a hole. 0: not at all. Default 5000.
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

/** Options with all defaults filled in. */
export interface ResolvedOptions {
  readonly path: string;
  readonly signal: AbortSignal | undefined;
  readonly from: TailFrom;
  readonly checkpointMismatch: "error" | "start";
  readonly waitForFileMs: number;
  readonly pollIntervalMs: number;
  readonly idlePollIntervalMs: number;
  readonly idleAfterPolls: number;
  readonly readBufferBytes: number;
  readonly maxLineBytes: number;
  readonly longLine: LongLinePolicy;
  readonly invalidUtf8: InvalidUtf8Policy;
  readonly stripCarriageReturn: boolean;
  readonly nulHoldMs: number;
  readonly errorBudgetMs: number;
  readonly retryMaxMs: number;
  readonly truncationConfirmMs: number | undefined;
  readonly staleViewMs: number | undefined;
  readonly reopen: ReopenPolicy;
  readonly onEvent: (event: TailEvent) => void;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly fileSystem: FileSystem;
  readonly random: () => number;
}

function refuse(path: string, name: string, value: unknown, wanted: string): never {
  throw new FileTailerError("invalid_option", `${name} must be ${wanted}, not ${String(value)}`, { path });
}

/** Fills in the defaults. Throws `invalid_option` for a value that an option cannot have. */
export function resolveOptions(path: string, options: TailOptions): ResolvedOptions {
  if (path === "") refuse(path, "path", '""', "a path");
  const atLeast = (name: string, value: number, least: number): number =>
    value >= least ? value : refuse(path, name, value, `a number of at least ${least}`);
  const oneOf = <T extends string>(name: string, value: T, allowed: readonly T[]): T =>
    allowed.includes(value) ? value : refuse(path, name, value, `one of ${allowed.join(", ")}`);
  const optional = (name: string, value: number | undefined): number | undefined =>
    value === undefined ? undefined : atLeast(name, value, 0);
  const from = options.from ?? "start";
  const validFrom =
    from === "start" ||
    from === "end" ||
    (Number.isSafeInteger(from) && Number(from) >= 0) ||
    isCheckpoint(from);
  if (!validFrom) refuse(path, "from", from, '"start", "end", a byte offset or a checkpoint');
  return {
    path,
    from,
    signal: options.signal,
    checkpointMismatch: oneOf("checkpointMismatch", options.checkpointMismatch ?? "error", [
      "error",
      "start",
    ]),
    waitForFileMs: atLeast("waitForFileMs", options.waitForFileMs ?? 30_000, 0),
    pollIntervalMs: atLeast("pollIntervalMs", options.pollIntervalMs ?? 250, 1),
    idlePollIntervalMs: atLeast("idlePollIntervalMs", options.idlePollIntervalMs ?? 1000, 1),
    idleAfterPolls: atLeast("idleAfterPolls", options.idleAfterPolls ?? 5, 0),
    readBufferBytes: Math.floor(atLeast("readBufferBytes", options.readBufferBytes ?? 262_144, 1024)),
    maxLineBytes: Math.floor(atLeast("maxLineBytes", options.maxLineBytes ?? 67_108_864, 1)),
    longLine: oneOf("longLine", options.longLine ?? "error", ["error", "truncate", "skip", "split"]),
    invalidUtf8: oneOf("invalidUtf8", options.invalidUtf8 ?? "replace", ["replace", "bytes", "error"]),
    stripCarriageReturn: options.stripCarriageReturn ?? false,
    nulHoldMs: atLeast("nulHoldMs", options.nulHoldMs ?? 5000, 0),
    errorBudgetMs: atLeast("errorBudgetMs", options.errorBudgetMs ?? 60_000, 0),
    retryMaxMs: atLeast("retryMaxMs", options.retryMaxMs ?? 5000, 1),
    truncationConfirmMs: optional("truncationConfirmMs", options.truncationConfirmMs),
    staleViewMs: optional("staleViewMs", options.staleViewMs),
    reopen: oneOf("reopen", options.reopen ?? "auto", ["auto", "always", "on-stale"]),
    onEvent: options.onEvent ?? (() => {}),
    scheduler: options.scheduler ?? sharedScheduler(),
    clock: options.clock ?? systemClock,
    fileSystem: options.fileSystem ?? nodeFileSystem,
    random: options.random ?? Math.random,
  };
}
