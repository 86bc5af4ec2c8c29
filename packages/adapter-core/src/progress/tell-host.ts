/** Calls something of the host's that is for show: what it does with that, also an error, changes nothing for the run. */
export async function tellHost(call: () => unknown): Promise<void> {
  try {
    await call();
  } catch {
    // A host that cannot show it has its own trouble; the run goes on.
  }
}
