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
  /** The connection is cut in the middle of the answer; of a watch, inside the line that follows `afterEvents` (0) whole ones. */
  | { readonly kind: "truncate"; readonly afterEvents?: number }
  | WatchFault;

/** What may go wrong with a watch that was opened. `afterEvents` (0 by default) go well first. */
export type WatchFault =
  /** Every event comes twice. */
  | { readonly kind: "duplicate_events" }
  /** Events come in pairs, the later one first. */
  | { readonly kind: "reorder_events" }
  /** `count` events (all by default) are left out, without a word. */
  | { readonly kind: "lose_events"; readonly afterEvents?: number; readonly count?: number }
  /** An error in the stream, by default 410 `Expired`; then the stream ends. */
  | {
      readonly kind: "stream_error";
      readonly code?: number;
      readonly reason?: string;
      readonly message?: string;
      readonly afterEvents?: number;
    }
  /** The stream ends, as it does when its time is over. */
  | { readonly kind: "end_stream"; readonly afterEvents?: number }
  /** The connection stays open, and nothing comes any more: no event, no bookmark, no end. */
  | { readonly kind: "half_open"; readonly afterEvents?: number };

/** The verbs that a kind of fault can strike; all, if it is not named here. */
const strikes: Partial<Record<Fault["kind"], readonly string[]>> = {
  stale_list: ["get", "list"],
  duplicate_events: ["watch"],
  reorder_events: ["watch"],
  lose_events: ["watch"],
  stream_error: ["watch"],
  end_stream: ["watch"],
  half_open: ["watch"],
};

/** Every kind of fault. */
export const faultKinds: readonly string[] = [
  ...["status", "drop", "lose_answer", "hang", "latency", "truncate"],
  ...Object.keys(strikes),
];

/** Which requests a fault meets; what is left out matches everything. */
export interface FaultMatch {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
  readonly verb?: string | readonly string[];
  /** Plural name: `jobs`; with subresource: `pods/log`. */
  readonly resource?: string | readonly string[];
  readonly namespace?: string;
  readonly name?: string | RegExp;
  /** Anything else: `({ query }) => query.has("continue")`. */
  readonly where?: (request: FaultRequest) => boolean;
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
  /** From how many ms after its injection on, on the sandbox's clock; 0 by default. */
  readonly afterMs?: number;
  /** For how many ms from then on; without end by default. */
  readonly forMs?: number;
}

/** What a request is about. */
export interface FaultTarget {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** What is known of a request when faults are chosen. */
export interface FaultRequest extends FaultTarget {
  readonly query: URLSearchParams;
  readonly userAgent: string | undefined;
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
export function matches({ match, fault }: FaultInjection, target: FaultRequest): boolean {
  const resource =
    target.subresource === undefined ? target.resource : `${target.resource}/${target.subresource}`;
  return (
    (strikes[fault.kind]?.includes(target.verb) ?? true) &&
    includes(match?.verb, target.verb) &&
    includes(match?.resource, resource) &&
    (match?.namespace === undefined || match.namespace === target.namespace) &&
    named(match?.name, target.name) &&
    (match?.where?.(target) ?? true)
  );
}
