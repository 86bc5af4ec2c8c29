/** Client-go's bounds for a watch that fails: from 0.8 s, doubled, to 30 s. */
const FIRST_MS = 800;
const LONGEST_MS = 30_000;

/** Delays that grow while something fails and start again once it worked. */
export interface Backoff {
  /** The next delay in ms; a server's own wish is a lower bound. */
  next(retryAfterMs?: number | null): number;
  reset(): void;
}

/**
 * Exponential with full jitter on the upper half: many hosts that lost one API server must not come back
 * together.
 */
export function createBackoff(options: {
  random: () => number;
  firstMs?: number;
  longestMs?: number;
}): Backoff {
  const { random, firstMs = FIRST_MS, longestMs = LONGEST_MS } = options;
  let current = firstMs;
  return {
    next: (retryAfterMs) => {
      const delay = current / 2 + random() * (current / 2);
      current = Math.min(current * 2, longestMs);
      return Math.max(delay, retryAfterMs ?? 0);
    },
    reset: () => {
      current = firstMs;
    },
  };
}
