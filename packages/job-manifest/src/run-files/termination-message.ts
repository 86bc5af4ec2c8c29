import type { RunFailure } from "./exit-record.ts";

/** What the script left as the container's termination message. */
export interface TerminationMessage {
  readonly failure: RunFailure | (string & {});
  /** One sentence for people. */
  readonly message: string;
}

/**
 * Reads the container's termination message (`state.terminated.message`), which the script writes
 * as `<failure>: <sentence>`. It tells of failures also where the run directory cannot be written.
 *
 * @returns null for a message that is not the script's
 */
export function parseTerminationMessage(text: string | undefined): TerminationMessage | null {
  const match = /^([a-z]+(?:_[a-z]+)+): (.+)\s*$/.exec(text ?? "");
  return match ? { failure: match[1]!, message: match[2]! } : null;
}
