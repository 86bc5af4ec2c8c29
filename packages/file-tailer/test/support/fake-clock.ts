// A clock that stands still until it is moved, with every microtask done between two timers.
import type { Clock } from "../../src/index.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Lets all promises settle that need no timer: fakes answer within microtasks. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A clock for tests. */
export interface FakeClock extends Clock {
  /** Moves on, firing timers in their order. */
  advance(ms: number): Promise<void>;
  /** How long each timer ran that was set so far, in ms. */
  readonly waits: readonly number[];
  /** How many timers are set. */
  readonly pending: number;
}

/** Makes a clock that begins at 0. */
export function fakeClock(): FakeClock {
  const timers = new Map<number, Timer>();
  const waits: number[] = [];
  let now = 0;
  let last = 0;
  const nextBefore = (end: number): number | undefined => {
    let found: number | undefined;
    for (const [id, { at }] of timers) {
      if (at <= end && (found === undefined || at < timers.get(found)!.at)) found = id;
    }
    return found;
  };
  return {
    waits,
    get pending() {
      return timers.size;
    },
    now: () => now,
    setTimeout(callback, ms) {
      waits.push(ms);
      timers.set(++last, { at: now + ms, callback });
      return last;
    },
    clearTimeout: (id) => void timers.delete(id as number),
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (let id = nextBefore(end); id !== undefined; id = nextBefore(end)) {
        const timer = timers.get(id)!;
        timers.delete(id);
        now = Math.max(now, timer.at);
        timer.callback();
        await settle();
      }
      now = end;
    },
  };
}
