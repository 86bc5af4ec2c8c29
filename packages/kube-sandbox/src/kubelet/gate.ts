/** Lets work through while it is open, and keeps it, in order, while it is shut. */
export interface Gate {
  /** Works now, or when the gate is opened. */
  pass(work: () => void): void;
  shut(): void;
  open(): void;
}

/** An open gate. What passes it must pass `outer` too, if there is one. */
export function createGate(outer?: Gate): Gate {
  let waiting: (() => void)[] | undefined;
  const pass = (work: () => void): void => {
    if (waiting !== undefined) waiting.push(work);
    else if (outer === undefined) work();
    else outer.pass(work);
  };
  return {
    pass,
    shut() {
      waiting ??= [];
    },
    open() {
      const late = waiting ?? [];
      waiting = undefined;
      for (const work of late) pass(work);
    },
  };
}
