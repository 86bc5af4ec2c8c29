import type { Clock } from "./clock.ts";

/** A set of pending timers that can be cancelled together, so that nothing outlives `close()`. */
export interface Timers {
  /** Calls back after `delayMs`, unless cancelled or closed. */
  after(delayMs: number, callback: () => void): () => void;
  /** Resolves after `delayMs`; never, if closed before (nobody is left to wait). */
  wait(delayMs: number): Promise<void>;
  now(): number;
  close(): void;
}

/** Wraps a clock. */
export function createTimers(clock: Clock): Timers {
  const pending = new Set<() => void>();
  let closed = false;
  const after = (delayMs: number, callback: () => void): (() => void) => {
    if (closed) return () => {};
    const cancel = clock.setTimeout(() => {
      pending.delete(cancel);
      callback();
    }, delayMs);
    pending.add(cancel);
    return () => {
      pending.delete(cancel);
      cancel();
    };
  };
  return {
    after,
    wait: (delayMs) => new Promise((resolve) => after(delayMs, resolve)),
    now: () => clock.now(),
    close() {
      closed = true;
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
}
