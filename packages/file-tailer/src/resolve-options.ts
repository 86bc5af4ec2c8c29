// Fills in the defaults of the options, and refuses what they cannot be.
import { FileTailerError } from "./errors.ts";
import { isCheckpoint } from "./identity/checkpoint.ts";
import type { TailFrom, TailOptions } from "./options.ts";
import { nodeFileSystem } from "./reading/node-file-system.ts";
import { systemClock } from "./scheduling/clock.ts";
import { sharedScheduler } from "./scheduling/scheduler.ts";

/** Options without a default of their own: undefined means that the kind of file system decides, or nothing. */
type Undecided = "signal" | "nulHoldMs" | "truncationConfirmMs" | "staleViewMs";

/** Options with all defaults filled in, and the path. */
export type ResolvedOptions = {
  readonly [Name in Exclude<keyof TailOptions, Undecided>]-?: Exclude<TailOptions[Name], undefined>;
} & { readonly [Name in Undecided]: TailOptions[Name] } & { readonly path: string };

const UNBOUNDED = Number.POSITIVE_INFINITY;
const DAY_MS = 86_400_000;

/** The default and the bounds of each number; a size is a whole number. */
const NUMBERS = {
  waitForFileMs: { byDefault: 30_000, least: 0, most: UNBOUNDED },
  pollIntervalMs: { byDefault: 250, least: 1, most: DAY_MS },
  idlePollIntervalMs: { byDefault: 1000, least: 1, most: DAY_MS },
  idleAfterPolls: { byDefault: 5, least: 0, most: UNBOUNDED },
  // Larger reads are not faster, and Node makes no larger strings of one line.
  readBufferBytes: { byDefault: 262_144, least: 1024, most: 2 ** 28 },
  maxLineBytes: { byDefault: 67_108_864, least: 1, most: 2 ** 29 - 24 },
  errorBudgetMs: { byDefault: 60_000, least: 0, most: UNBOUNDED },
  retryMaxMs: { byDefault: 5000, least: 1, most: DAY_MS },
} as const;

/** The values of each choice, the default first. */
const CHOICES = {
  checkpointMismatch: ["error", "start"],
  longLine: ["error", "truncate", "skip", "split"],
  invalidUtf8: ["replace", "bytes", "error"],
  reopen: ["auto", "always", "on-stale"],
} as const;

/** Fills in the defaults. Throws `invalid_option` for a value that an option cannot have. */
export function resolveOptions(path: string, options: TailOptions): ResolvedOptions {
  const refuse = (name: string, value: unknown, wanted: string): never => {
    throw new FileTailerError("invalid_option", `${name} must be ${wanted}, not ${String(value)}`, { path });
  };
  const number = (name: keyof typeof NUMBERS): number => {
    const { byDefault, least, most } = NUMBERS[name];
    const value = options[name] ?? byDefault;
    const isWhole = !name.endsWith("Bytes") || Number.isSafeInteger(value);
    if (typeof value !== "number" || !(value >= least && value <= most) || !isWhole) {
      const what = name.endsWith("Bytes") ? "a whole number" : "a number";
      refuse(
        name,
        value,
        most === Number.POSITIVE_INFINITY
          ? `${what} of at least ${least}`
          : `${what} from ${least} to ${most}`,
      );
    }
    return value;
  };
  const choice = <Name extends keyof typeof CHOICES>(name: Name): (typeof CHOICES)[Name][number] => {
    const allowed: readonly string[] = CHOICES[name];
    const value = options[name] ?? CHOICES[name][0];
    return allowed.includes(value) ? value : refuse(name, value, `one of ${allowed.join(", ")}`);
  };
  const from = options.from ?? "start";
  if (path === "") refuse("path", '""', "a path");
  if (!isFrom(from)) refuse("from", from, '"start", "end", a byte offset or a checkpoint');
  for (const name of ["nulHoldMs", "truncationConfirmMs", "staleViewMs"] as const) {
    const value = options[name] ?? 0;
    if (typeof value !== "number" || !(value >= 0)) refuse(name, value, "a number of at least 0");
  }
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal)) {
    refuse("signal", options.signal, "an AbortSignal");
  }
  if (options.onEvent !== undefined && typeof options.onEvent !== "function") {
    refuse("onEvent", options.onEvent, "a function");
  }
  return {
    path,
    from,
    signal: options.signal,
    checkpointMismatch: choice("checkpointMismatch"),
    waitForFileMs: number("waitForFileMs"),
    pollIntervalMs: number("pollIntervalMs"),
    idlePollIntervalMs: number("idlePollIntervalMs"),
    idleAfterPolls: number("idleAfterPolls"),
    readBufferBytes: number("readBufferBytes"),
    maxLineBytes: number("maxLineBytes"),
    longLine: choice("longLine"),
    invalidUtf8: choice("invalidUtf8"),
    stripCarriageReturn: options.stripCarriageReturn ?? false,
    nulHoldMs: options.nulHoldMs,
    errorBudgetMs: number("errorBudgetMs"),
    retryMaxMs: number("retryMaxMs"),
    truncationConfirmMs: options.truncationConfirmMs,
    staleViewMs: options.staleViewMs,
    reopen: choice("reopen"),
    ...injected(options),
  };
}

function isFrom(from: TailFrom): boolean {
  return (
    from === "start" ||
    from === "end" ||
    (Number.isSafeInteger(from) && Number(from) >= 0) ||
    isCheckpoint(from)
  );
}

type Injected = "onEvent" | "scheduler" | "clock" | "fileSystem" | "random";

function injected(options: TailOptions): Pick<ResolvedOptions, Injected> {
  return {
    onEvent: options.onEvent ?? (() => {}),
    scheduler: options.scheduler ?? sharedScheduler(),
    clock: options.clock ?? systemClock,
    fileSystem: options.fileSystem ?? nodeFileSystem,
    random: options.random ?? Math.random,
  };
}
