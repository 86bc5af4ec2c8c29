import type { Clock } from "../../src/index.ts";

export interface FakeClock extends Clock {
  /** Moves time on and fires what is due, in order; lets promises run in between. */
  advance(ms: number): Promise<void>;
  /** When the next timer is due, in ms from now; null: none is set. */
  nextIn(): number | null;
  readonly pending: number;
}

export function fakeClock(start = Date.now()): FakeClock {
  let now = start;
  let serial = 0;
  const timers = new Map<number, { at: number; callback: () => void }>();
  const next = () => [...timers.entries()].sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
  return {
    now: () => now,
    schedule: (callback, ms) => {
      serial += 1;
      const id = serial;
      timers.set(id, { at: now + Math.max(ms, 0), callback });
      return () => void timers.delete(id);
    },
    advance: async (ms) => {
      const until = now + ms;
      for (let due = next(); due && due[1].at <= until; due = next()) {
        timers.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].callback();
        await new Promise(setImmediate);
      }
      now = until;
      await new Promise(setImmediate);
    },
    nextIn: () => {
      const due = next();
      return due ? due[1].at - now : null;
    },
    get pending() {
      return timers.size;
    },
  };
}

/** Waits for what sockets bring, at most 10 s; moves a fake clock by `stepMs` in each round, where one is given. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  options: { clock?: FakeClock; stepMs?: number } = {},
): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error(`never came: ${what}`);
    await options.clock?.advance(options.stepMs ?? 0);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Lets sockets bring what they have: for what must not happen. */
export function settle(ms = 60): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What a promise comes to while a fake clock moves on by `stepMs` in each round. */
export async function inTime<T>(
  promise: Promise<T>,
  options: { what: string; clock: FakeClock; stepMs: number },
): Promise<T> {
  let isSettled = false;
  const settled = () => {
    isSettled = true;
  };
  promise.then(settled, settled);
  await until(options.what, () => isSettled, options);
  return await promise;
}
