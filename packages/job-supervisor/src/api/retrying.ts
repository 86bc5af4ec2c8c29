import { type Clock, sleep } from "../clock.ts";
import { createBackoff } from "../reflector/backoff.ts";
import { isTransient } from "./kube-api-error.ts";

/** How long a request of a launch is repeated while the API does not answer, in ms. */
const FOR_MS = 60_000;

/** Repeats `request` with back-off while it fails in a way that passes; throws its last error. */
export async function retrying<T>(
  options: { clock: Clock; random: () => number; signal?: AbortSignal; forMs?: number },
  request: () => Promise<T>,
): Promise<T> {
  const { clock, random, signal, forMs = FOR_MS } = options;
  const backoff = createBackoff({ random });
  const giveUpAt = clock.now() + forMs;
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (!isTransient(error) || clock.now() >= giveUpAt || signal?.aborted) throw error;
      await sleep({ clock, ms: backoff.next(error.retryAfterMs), signal });
    }
  }
}
