import { setTimeout as sleep } from "node:timers/promises";
import { E2eError } from "./e2e-error.ts";

/** How long and how often `waitFor` asks. */
export interface WaitForOptions {
  /** Ends the sentence "timed out while waiting for …". */
  readonly what: string;
  /** Bound of the whole wait, ms. Default 60 000. */
  readonly withinMs?: number;
  /** Pause between two questions, ms. Default 250. */
  readonly everyMs?: number;
}

/**
 * Asks until the answer is neither `undefined` nor `false`, and returns it.
 *
 * What `ask` throws ends the wait at once. Throws `E2eError` `timed_out` at the bound.
 */
export async function waitFor<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  options: WaitForOptions,
): Promise<T> {
  const { what, withinMs = 60_000, everyMs = 250 } = options;
  const end = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end)
      throw new E2eError("timed_out", `timed out after ${withinMs} ms while waiting for ${what}`);
    await sleep(everyMs);
  }
}
