import { KubeSandboxError } from "../sandbox-error.ts";
import { type Fault, type FaultInjection, type FaultRequest, faultKinds, matches } from "./fault.ts";

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
  strike(target: FaultRequest): Strike;
}

interface Entry {
  readonly injection: FaultInjection;
  readonly since: number;
  skipped: number;
  struck: number;
}

/** An empty table. `random` decides where a probability is given, `now` where a time is. */
export function createFaultTable(random: () => number, now: () => number): FaultTable {
  const entries = new Set<Entry>();

  const strikes = (entry: Entry, target: FaultRequest): boolean => {
    const endless = Number.POSITIVE_INFINITY;
    const { times = endless, skip = 0, probability = 1, afterMs = 0, forMs = endless } = entry.injection;
    const age = now() - entry.since;
    if (age < afterMs || age >= afterMs + forMs) return false;
    if (entry.struck >= times || !matches(entry.injection, target)) return false;
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
      const { kind } = injection.fault;
      if (!faultKinds.includes(kind)) {
        const known = faultKinds.join(", ");
        throw new KubeSandboxError(
          "invalid_option",
          `fault.kind ${JSON.stringify(kind)} is none of ${known}`,
        );
      }
      const entry: Entry = { injection, since: now(), skipped: 0, struck: 0 };
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
