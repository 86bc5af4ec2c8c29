/** Lets one at a time through for each key; null keys do not wait. */
export interface Turnstile {
  /** Resolves when it is this caller's turn, with what ends the turn; with null when `signal` aborts first. */
  enter(key: string | null, signal?: AbortSignal): Promise<(() => void) | null>;
}

export function turnstile(): Turnstile {
  const last = new Map<string, Promise<void>>();
  return {
    enter: async (key, signal) => {
      if (key === null) return () => {};
      const before = last.get(key);
      const turn = Promise.withResolvers<void>();
      last.set(key, turn.promise);
      const leave = () => {
        if (last.get(key) === turn.promise) last.delete(key);
        turn.resolve();
      };
      if (before === undefined || (await isFirst(before, signal))) return leave;
      // Whoever comes next still waits for the one before this caller.
      void before.then(leave);
      return null;
    },
  };
}

/** Whether `turn` comes before `signal` aborts. */
function isFirst(turn: Promise<void>, signal: AbortSignal | undefined): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const abort = () => resolve(false);
    signal?.addEventListener("abort", abort, { once: true });
    void turn.then(() => {
      signal?.removeEventListener("abort", abort);
      resolve(true);
    });
  });
}
