import type { Clock } from "@paperclip-k8s/job-supervisor";

export interface FakeClock extends Clock {
  /** Moves time on and fires what is due, in order; lets promises run in between. */
  advance(ms: number): Promise<void>;
  /** How many timers are set. */
  readonly pending: number;
}

export function fakeClock(start = 1_700_000_000_000): FakeClock {
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  let now = start;
  const next = () => [...timers].sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    schedule: (callback, ms) => {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: async (ms) => {
      const until = now + ms;
      for (let due = next(); due && due.at <= until; due = next()) {
        timers.delete(due);
        now = Math.max(now, due.at);
        due.callback();
        await new Promise(setImmediate);
      }
      now = until;
      await new Promise(setImmediate);
    },
    get pending() {
      return timers.size;
    },
  };
}
