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

/** The default and the least value of each number; a size is a whole number. */
const NUMBERS = {
  waitForFileMs: { byDefault: 30_000, least: 0 },
  pollIntervalMs: { byDefault: 250, least: 1 },
  idlePollIntervalMs: { byDefault: 1000, least: 1 },
  idleAfterPolls: { byDefault: 5, least: 0 },
  readBufferBytes: { byDefault: 262_144, least: 1024 },
  maxLineBytes: { byDefault: 67_108_864, least: 1 },
  errorBudgetMs: { byDefault: 60_000, least: 0 },
  retryMaxMs: { byDefault: 5000, least: 1 },
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
    const { byDefault, least } = NUMBERS[name];
    const value = options[name] ?? byDefault;
    if (!(value >= least)) refuse(name, value, `a number of at least ${least}`);
    return name.endsWith("Bytes") ? Math.floor(value) : value;
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
    if (!((options[name] ?? 0) >= 0)) refuse(name, options[name], "a number of at least 0");
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
