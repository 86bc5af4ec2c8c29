import { type Fault, type FaultInjection, type FaultTarget, matches } from "./fault.ts";

/** What strikes one request: waits add up, and at most one other fault comes on top. */
export interface Strike {
  readonly latencyMs: number;
  readonly fault: Exclude<Fault, { kind: "latency" }> | undefined;
  /** Which injection it came from; stale lists keep their picture by it. */
  readonly injection: object | undefined;
}

/** All faults that are injected now. */
export interface FaultTable {
  add(injection: FaultInjection): { remove(): void };
  /** Chooses, and counts what it has chosen. */
  strike(target: FaultTarget): Strike;
}

interface Entry {
  readonly injection: FaultInjection;
  skipped: number;
  struck: number;
}

/** An empty table. `random` decides where a probability is given. */
export function createFaultTable(random: () => number): FaultTable {
  const entries = new Set<Entry>();

  const strikes = (entry: Entry, target: FaultTarget): boolean => {
    const { match, times = Number.POSITIVE_INFINITY, skip = 0, probability = 1 } = entry.injection;
    if (entry.struck >= times || !matches(match, target)) return false;
    if (entry.skipped < skip) {
      entry.skipped += 1;
      return false;
    }
    if (probability < 1 && random() >= probability) return false;
    entry.struck += 1;
    return true;
  };

  return {
    add(injection) {
      const entry: Entry = { injection, skipped: 0, struck: 0 };
      entries.add(entry);
      return { remove: () => void entries.delete(entry) };
    },
    strike(target) {
      let latencyMs = 0;
      for (const entry of entries) {
        if (!strikes(entry, target)) continue;
        const { fault } = entry.injection;
        if (fault.kind === "latency") latencyMs += fault.ms;
        else return { latencyMs, fault, injection: entry.injection };
      }
      return { latencyMs, fault: undefined, injection: undefined };
    },
  };
}
