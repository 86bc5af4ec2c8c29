// Polls of many files that fall due at about the same time share one timer: waking a process up costs more than
// looking at a file does.
import type { Clock } from "./clock.ts";

/** Timers may fire up to so many ms early; a poll that did must not lose a whole tick by it. */
const EARLY_MS = 2;

interface Tick {
  readonly timer: unknown;
  readonly callbacks: Set<() => void>;
}

const ticksOf = new WeakMap<Clock, Map<number, Tick>>();

/**
 * Calls back after `ms`, or up to `gridMs` (at most `ms`) earlier: at the last multiple of `gridMs` on the clock.
 * All that fall due together are called in one go. The result takes the callback back.
 */
export function onPollTick(clock: Clock, ms: number, gridMs: number, callback: () => void): () => void {
  const ticks = ticksOf.get(clock) ?? new Map<number, Tick>();
  ticksOf.set(clock, ticks);
  const now = clock.now();
  const due = Math.floor((now + ms + EARLY_MS) / gridMs) * gridMs;
  const tick = ticks.get(due) ?? addTick(clock, ticks, due, due - now);
  tick.callbacks.add(callback);
  return () => {
    tick.callbacks.delete(callback);
    if (tick.callbacks.size > 0 || ticks.get(due) !== tick) return;
    ticks.delete(due);
    clock.clearTimeout(tick.timer);
  };
}

function addTick(clock: Clock, ticks: Map<number, Tick>, due: number, ms: number): Tick {
  const callbacks = new Set<() => void>();
  const timer = clock.setTimeout(() => {
    ticks.delete(due);
    for (const callback of callbacks) callback();
  }, ms);
  const tick = { timer, callbacks };
  ticks.set(due, tick);
  return tick;
}
