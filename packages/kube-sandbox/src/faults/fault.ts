/** What may go wrong with a request. */
export type Fault =
  /** Answered with this code, as a `Status`; nothing is done. */
  | {
      readonly kind: "status";
      readonly code: number;
      readonly reason?: string;
      readonly retryAfterSec?: number;
      readonly message?: string;
    }
  /** The connection is cut before anything is done. */
  | { readonly kind: "drop" }
  /** Done, but the connection is cut before the answer is sent. */
  | { readonly kind: "lose_answer" }
  /** Never answered; the connection stays open (half-open, as seen by the client). */
  | { readonly kind: "hang" }
  /** Answered `ms` later. */
  | { readonly kind: "latency"; readonly ms: number }
  /** Gets and lists show the objects as they were when the fault was injected. */
  | { readonly kind: "stale_list" }
  /** A watch sends every event twice. */
  | { readonly kind: "duplicate_events" }
  /** A watch sends events in pairs, the later one first. */
  | { readonly kind: "reorder_events" };

/** Which requests a fault meets; what is left out matches everything. */
export interface FaultMatch {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
  readonly verb?: string | readonly string[];
  /** Plural name: `jobs`; with subresource: `pods/log`. */
  readonly resource?: string | readonly string[];
  readonly namespace?: string;
  readonly name?: string | RegExp;
}

/** A fault and when it strikes. */
export interface FaultInjection {
  readonly match?: FaultMatch;
  readonly fault: Fault;
  /** How many requests it strikes; without end by default. */
  readonly times?: number;
  /** How many matching requests go well first; 0 by default. */
  readonly skip?: number;
  /** 0 to 1; 1 by default. */
  readonly probability?: number;
}

/** What is known of a request when faults are chosen. */
export interface FaultTarget {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

function includes(wanted: string | readonly string[] | undefined, value: string): boolean {
  return wanted === undefined || (typeof wanted === "string" ? wanted === value : wanted.includes(value));
}

function named(wanted: string | RegExp | undefined, name: string | undefined): boolean {
  if (wanted === undefined) return true;
  if (name === undefined) return false;
  return typeof wanted === "string" ? wanted === name : wanted.test(name);
}

/** Whether a request is one that a fault is meant for. */
export function matches(match: FaultMatch | undefined, target: FaultTarget): boolean {
  const resource =
    target.subresource === undefined ? target.resource : `${target.resource}/${target.subresource}`;
  return (
    includes(match?.verb, target.verb) &&
    includes(match?.resource, resource) &&
    (match?.namespace === undefined || match.namespace === target.namespace) &&
    named(match?.name, target.name)
  );
}
