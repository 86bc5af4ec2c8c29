// Which errors go away by waiting and opening again, and for how long that is tried.
import { constants } from "node:os";

/** Errors of a volume that is busy, restarting or remounted, or of a process that is short of handles. */
const TRANSIENT: ReadonlySet<string> = new Set([
  "ESTALE",
  "EIO",
  "EACCES",
  "ENOENT",
  "ETIMEDOUT",
  "EAGAIN",
  "EBADF",
  "EBUSY",
  "EINTR",
  "EMFILE",
  "ENFILE",
  "ENOMEM",
  "ENOTCONN",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ECONNRESET",
  "ENXIO",
  "ENOLINK",
  "EREMOTEIO",
]);

/**
 * Errors that libuv has no name for, so that Node gives them the code `Unknown system error -116`. ESTALE is one of
 * them (https://docs.libuv.org/en/v1.x/errors.html).
 */
const UNNAMED: ReadonlyMap<number, string> = new Map([
  [constants.errno.ESTALE, "ESTALE"],
  [constants.errno.ENOLINK, "ENOLINK"],
  // Linux only, and not among Node's constants.
  [121, "EREMOTEIO"],
]);

/** The `code` of an error, or an empty string. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { code, errno } = error as NodeJS.ErrnoException;
  if (typeof code !== "string") return "";
  return code.startsWith("Unknown system error") ? (UNNAMED.get(-(errno ?? 0)) ?? code) : code;
}

/** Whether waiting and opening again may cure the error. */
export function isTransient(error: unknown): boolean {
  return TRANSIENT.has(errorCode(error));
}

/** What bounds the waiting. */
export interface ErrorBudgetOptions {
  /** How long errors in a row are tolerated, in ms. */
  readonly errorBudgetMs: number;
  /** The first wait, in ms; each further one is twice as long. */
  readonly pollIntervalMs: number;
  /** The longest wait, in ms. */
  readonly retryMaxMs: number;
  /** A number from 0 to below 1. */
  readonly random: () => number;
}

/** Counts errors in a row; any success ends the row. */
export class ErrorBudget {
  readonly #options: ErrorBudgetOptions;
  #since: number | undefined;
  #row = 0;

  constructor(options: ErrorBudgetOptions) {
    this.#options = options;
  }

  /** Notes an error at that time: how long to wait in ms, or undefined if the budget is used up. */
  spend(now: number): number | undefined {
    this.#since ??= now;
    if (now - this.#since >= this.#options.errorBudgetMs) return undefined;
    const longest = Math.min(this.#options.pollIntervalMs * 2 ** this.#row, this.#options.retryMaxMs);
    this.#row = Math.min(this.#row + 1, 30);
    // Between half and all of it, so that a thousand tails of one volume do not come back at the same moment.
    return longest * (0.5 + this.#options.random() / 2);
  }

  /** Notes a success. */
  refill(): void {
    this.#since = undefined;
    this.#row = 0;
  }
}
