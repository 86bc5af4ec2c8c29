/** Bytes that the exit record takes from the start: it is padded with spaces and overwritten in place. */
export const EXIT_RECORD_BYTES = 1024;

/** Why the script, not the agent CLI, ended a run. */
export type RunFailure =
  /** Another pod has taken the run. */
  | "already_started"
  /** The run directory or a file in it cannot be written. */
  | "output_unwritable"
  /** The prompt's file cannot be read. */
  | "prompt_unreadable"
  /** The image has no such agent CLI. */
  | "cli_missing"
  /** What the agent wrote did not all arrive. */
  | "disk_full"
  /** The host has not renewed its lease for the bound. */
  | "lease_expired";

/** What the pod wrote when the agent CLI had ended. */
export interface ExitRecord {
  /** 1, or more where a newer script wrote it. */
  readonly version: number;
  /** UID of the pod that wrote it: a reader accepts only the right pod's record. */
  readonly podUid: string;
  /** The shell's status of the agent CLI, 0 to 255; death by a signal is 128 + its number. */
  readonly status: number;
  /** Inferred from the status ("SIGTERM" from 143, which the agent CLI may also have returned itself), or null. */
  readonly signal: string | null;
  /** One of {@link RunFailure}, or a word of a newer script; null where the agent CLI ran and ended. */
  readonly failure: RunFailure | (string & {}) | null;
  /** Size of the stdout file when no writer was left. */
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  /** Milliseconds since 1970, by the pod's clock. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** The content of a record that is not written yet: blanks, so that the blocks are there when the disk is full. */
export function emptyExitRecord(): string {
  return `${" ".repeat(EXIT_RECORD_BYTES - 1)}\n`;
}

/**
 * Reads an exit record. A newer version's counts as long as it says what version 1 says, in the same types: what it
 * says beside that is left out, failures of which this package has no name are passed on as they are, and the version
 * is told. One that says less is no record here, and the container's status tells instead.
 *
 * @returns null while the record is not whole, and for what is not a record
 */
export function parseExitRecord(text: string): ExitRecord | null {
  const value = parseObject(text);
  if (value?.["end"] !== true) return null;
  const { version, podUid, status, signal, failure, stdoutBytes, stderrBytes, startedAt, endedAt } = value;
  if (!isCount(version) || version < 1 || !isCount(status) || status > 255) return null;
  if (!isCount(stdoutBytes) || !isCount(stderrBytes) || !isCount(startedAt) || !isCount(endedAt)) return null;
  if (typeof podUid !== "string" || podUid === "") return null;
  if (!isWordOrNull(signal) || !isWordOrNull(failure)) return null;
  return { version, podUid, status, signal, failure, stdoutBytes, stderrBytes, startedAt, endedAt };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isWordOrNull(value: unknown): value is string | null {
  return value === null || (typeof value === "string" && value !== "");
}
