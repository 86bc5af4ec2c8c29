import type { Timers } from "../timers.ts";

/** Work by key: a key that is asked for again before it is done is done once. */
export interface WorkQueue {
  /** Works on `key` after `delayMs`, at the latest; an earlier time wins. */
  add(key: string, delayMs: number): void;
}

/** A queue whose timers end with `timers`. */
export function createWorkQueue(timers: Timers, work: (key: string) => void): WorkQueue {
  const pending = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  return {
    add(key, delayMs) {
      const at = timers.now() + delayMs;
      const before = pending.get(key);
      if (before !== undefined) {
        if (before.at <= at) return;
        before.cancel();
      }
      const cancel = timers.after(delayMs, () => {
        pending.delete(key);
        work(key);
      });
      pending.set(key, { at, cancel });
    },
  };
}
