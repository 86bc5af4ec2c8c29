import { type Clock, sleep } from "@paperclip-k8s/job-supervisor";

/** Calls something of the host's that is for show: what it does with that, also an error, changes nothing for the run. */
export async function tellHost(call: () => unknown): Promise<void> {
  try {
    await call();
  } catch {
    // A host that cannot show it has its own trouble; the run goes on.
  }
}

/** Long enough for a busy database; a host that never answers keeps no run from starting. */
const ANSWER_WITHIN_MS = 10_000;

/** The same for what the host shall know first: waits for its answer, for 10 s at most, and no longer than for a cancel. */
export async function tellHostFirst(options: {
  readonly call: () => unknown;
  readonly clock: Clock;
  readonly cancelled: AbortSignal;
}): Promise<void> {
  const { call, clock, cancelled } = options;
  const answered = new AbortController();
  void tellHost(call).then(() => answered.abort());
  const signal = AbortSignal.any([answered.signal, cancelled]);
  await sleep({ clock, ms: ANSWER_WITHIN_MS, signal });
}

const told = new WeakMap<object, Promise<void>>();

/**
 * The same, one call after the other for each `sink`: a host writes what it is told to its database, and two calls
 * at once may arrive there in either order. Nothing happens where the host has no such sink.
 */
export function tellInOrder(sink: object | undefined, call: () => unknown): void {
  if (!sink) return;
  const before = told.get(sink);
  const now = before ? before.then(() => tellHost(call)) : tellHost(call);
  told.set(sink, now);
  void now.then(() => told.get(sink) === now && told.delete(sink));
}
