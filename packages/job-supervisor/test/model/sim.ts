import type { Clock } from "../../src/index.ts";

/** Time of one schedule: everything in it happens by these timers, in order. */
export interface Sim extends Clock {
  /** Fires timers in order until none is due before `until`, or `done` says so after one of them. */
  run(until: number, done?: () => boolean): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

export function createSim(start: number): Sim {
  const heap: Timer[] = [];
  let now = start;
  let order = 0;
  const isBefore = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(timer: Timer): void {
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(timer, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = timer;
  }

  function pop(): Timer | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || first === last) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return first;
  }

  return {
    now: () => now,
    schedule: (callback, ms) => {
      const timer = { at: now + Math.max(ms, 0), order: order++, callback, cancelled: false };
      if (Number.isFinite(timer.at)) push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
    run: async (until, done) => {
      await settled();
      while (heap[0] && heap[0].at <= until) {
        const timer = pop()!;
        if (timer.cancelled) continue;
        now = timer.at;
        timer.callback();
        await settled();
        if (done?.()) return;
      }
      now = Math.max(now, until);
    },
  };
}

/** Ticks come when no promise is left to run: all that follows from a timer has happened by then. */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
