// No single look at a network file system proves that a file was cut or replaced.
import type { FileSystemKind } from "../reading/file-system.ts";

/** What a fresh open may show that would make the tail start over. */
export type SuspicionKind = "empty" | "shorter" | "different" | "replaced";

/** Looks and ms that it takes to believe each. */
export interface SuspicionLimits {
  /** How long a file must be seen empty or below the offset with another beginning, in ms. */
  readonly truncationConfirmMs: number;
  /** How long it must be seen cut to a beginning of itself, which is what a stale view looks like, in ms. */
  readonly staleViewMs: number;
}

/** The limits that were asked for, or those that suit the kind of file system. */
export function suspicionLimits(asked: Partial<SuspicionLimits>, kind: FileSystemKind): SuspicionLimits {
  const local = kind === "local";
  const truncationConfirmMs = asked.truncationConfirmMs ?? (local ? 1000 : 10_000);
  return { truncationConfirmMs, staleViewMs: asked.staleViewMs ?? (local ? truncationConfirmMs : 60_000) };
}

/** Counts looks in a row that showed the same. */
export class Suspicion {
  readonly #limits: SuspicionLimits;
  #kind: SuspicionKind | undefined;
  #since = 0;
  #looks = 0;

  constructor(limits: SuspicionLimits) {
    this.#limits = limits;
  }

  /** Notes what a fresh open showed at that time: true if it was the first look of its row. */
  note(kind: SuspicionKind, now: number): boolean {
    const first = this.#kind !== kind;
    if (first) {
      this.#kind = kind;
      this.#since = now;
      this.#looks = 0;
    }
    this.#looks++;
    return first;
  }

  /** Whether enough looks showed the same for long enough. */
  confirmed(now: number): boolean {
    const lasted = now - this.#since;
    switch (this.#kind) {
      case undefined:
        return false;
      case "empty":
        return this.#looks >= 3 && lasted >= this.#limits.truncationConfirmMs;
      case "shorter":
        return this.#looks >= 3 && lasted >= this.#limits.staleViewMs;
      case "different":
      case "replaced":
        return this.#looks >= 2;
    }
  }

  /** Notes that the file is as it should be. */
  clear(): void {
    this.#kind = undefined;
  }
}
