/** Calls something of the host's that is for show: what it does with that, also an error, changes nothing for the run. */
export async function tellHost(call: () => unknown): Promise<void> {
  try {
    await call();
  } catch {
    // A host that cannot show it has its own trouble; the run goes on.
  }
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
