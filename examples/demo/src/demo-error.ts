/**
 * Why the demo cannot go on. `usage`: the command line is wrong (exit code 2); `no_key`: `--live` without a key;
 * `no_model`: the scripted model cannot listen; `no_cluster`: no cluster answers; `run_failed`: the adapter threw.
 */
export type DemoErrorCode = "usage" | "no_key" | "no_model" | "no_cluster" | "run_failed";

/** A failure with a sentence for the user. */
export class DemoError extends Error {
  override readonly name = "DemoError";
  readonly code: DemoErrorCode;

  constructor(code: DemoErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
