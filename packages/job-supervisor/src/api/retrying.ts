import { type Clock, sleep } from "../clock.ts";
import { createBackoff } from "../reflector/backoff.ts";
import { isDenial, isTransient } from "./kube-api-error.ts";

/** How long a request of a launch is repeated while the API does not answer, in ms. */
const FOR_MS = 60_000;
/** How long a denial may be one of a server that has just started and knows no roles yet, in ms. */
const DENIED_FOR_MS = 5000;

/** Repeats `request` with back-off while it fails in a way that passes, or may pass; throws its last error. */
export async function retrying<T>(
  options: { clock: Clock; random: () => number; signal?: AbortSignal; forMs?: number; deniedForMs?: number },
  request: () => Promise<T>,
): Promise<T> {
  const { clock, random, signal, forMs = FOR_MS, deniedForMs = DENIED_FOR_MS } = options;
  const backoff = createBackoff({ random });
  const giveUpAt = clock.now() + forMs;
  let deniedUntil: number | null = null;
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (isDenial(error)) deniedUntil ??= clock.now() + deniedForMs;
      else if (isTransient(error)) deniedUntil = null;
      else throw error;
      if (clock.now() >= Math.min(giveUpAt, deniedUntil ?? giveUpAt) || signal?.aborted) throw error;
      await sleep({ clock, ms: backoff.next(error.retryAfterMs), signal });
    }
  }
}
