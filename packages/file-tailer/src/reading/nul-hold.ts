// NUL bytes where data is expected: a network file system shows a page of zeros for bytes that have not arrived.

/** A run of NUL bytes that was let through. */
export interface Hole {
  /** Byte offset of the first one. */
  readonly start: number;
  /** Byte offset after the last one. */
  readonly end: number;
}

/** What may be taken of a chunk. */
export interface HoldVerdict {
  /** How many of its bytes. */
  readonly usable: number;
  /** The NULs among them that were waited for in vain. */
  readonly holes: readonly Hole[];
}

/** A chunk that was read, and what it was read from. */
export interface HoldInput {
  readonly chunk: Buffer;
  /** Byte offset of its first byte. */
  readonly base: number;
  /** Whether it took all of the buffer, so that more was there to read. */
  readonly full: boolean;
  /** How far the file is said to reach, in bytes: a hint. */
  readonly sizeHint: number;
  /** When it was read, in ms. */
  readonly now: number;
}

/** Holds a chunk back from its first NUL byte on, until it is filled or the time is over. */
export class NulHold {
  readonly #holdMs: number;
  #heldAt: number | undefined;
  #since = 0;
  /** How far the file reached when the hold began: all NULs that far are as old as the hold, and wait with it. */
  #visibleTo = 0;
  /** NULs before this offset were waited for in vain. */
  #agedTo = 0;

  constructor(holdMs: number) {
    this.#holdMs = holdMs;
  }

  /** Whether NULs are held back. */
  get holding(): boolean {
    return this.#heldAt !== undefined;
  }

  /** Forgets all, for a file that is read anew. */
  reset(): void {
    this.#heldAt = undefined;
    this.#agedTo = 0;
  }

  /** Ends all waiting: no NUL of this file is held any more. */
  giveUp(): void {
    this.#agedTo = Number.POSITIVE_INFINITY;
  }

  /** Looks through a chunk. */
  check({ chunk, base, full, sizeHint, now }: HoldInput): HoldVerdict {
    if (this.#holdMs === 0) return { usable: chunk.length, holes: [] };
    const visibleTo = Math.max(base + chunk.length, sizeHint);
    const holes: Hole[] = [];
    for (let from = 0; ; ) {
      const nul = from < chunk.length ? chunk.indexOf(0, from) : -1;
      if (nul === -1) {
        this.#heldAt = undefined;
        return { usable: chunk.length, holes };
      }
      if (!this.#isOld(base + nul, visibleTo, now)) return { usable: nul, holes };
      from = endOfRun(chunk, nul);
      // The rest of a hole that is larger than the buffer is as old as its beginning.
      if (full && from === chunk.length) this.#agedTo = Math.max(this.#agedTo, base + chunk.length + 1);
      holes.push({ start: base + nul, end: base + from });
    }
  }

  #isOld(position: number, visibleTo: number, now: number): boolean {
    if (position < this.#agedTo) return true;
    if (this.#heldAt === undefined || position >= this.#visibleTo) {
      this.#since = now;
      this.#visibleTo = visibleTo;
      this.#heldAt = position;
      return false;
    }
    this.#heldAt = position;
    if (now - this.#since < this.#holdMs) return false;
    this.#agedTo = this.#visibleTo;
    return true;
  }
}

function endOfRun(chunk: Buffer, from: number): number {
  let end = from;
  while (end < chunk.length && chunk[end] === 0) end++;
  return end;
}
