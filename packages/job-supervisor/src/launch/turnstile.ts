/** Lets one at a time through for each key; null keys do not wait. */
export interface Turnstile {
  /** Resolves when it is this caller's turn, with what ends the turn. */
  enter(key: string | null): Promise<() => void>;
}

export function turnstile(): Turnstile {
  const last = new Map<string, Promise<void>>();
  return {
    enter: async (key) => {
      if (key === null) return () => {};
      const before = last.get(key);
      const turn = Promise.withResolvers<void>();
      last.set(key, turn.promise);
      await before;
      return () => {
        if (last.get(key) === turn.promise) last.delete(key);
        turn.resolve();
      };
    },
  };
}
