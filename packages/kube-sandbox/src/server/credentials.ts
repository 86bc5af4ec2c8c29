import { randomBytes } from "node:crypto";
import type { Timers } from "../timers.ts";

/** The token that the API accepts, and what becomes of it. */
export interface Credentials {
  /** The newest one. */
  readonly token: string;
  accepts(token: string): boolean;
  /** Makes a new one; the one before is accepted for `overlapMs` more (0 by default). */
  rotate(options?: { readonly overlapMs?: number }): string;
  /** No token is accepted from now on, until the next is made. */
  expire(): void;
}

/** Credentials with a first token. */
export function createCredentials(timers: Timers): Credentials {
  const fresh = (): string => randomBytes(24).toString("base64url");
  let token = fresh();
  const accepted = new Set([token]);
  return {
    get token() {
      return token;
    },
    accepts: (given) => accepted.has(given),
    rotate({ overlapMs = 0 } = {}) {
      const before = token;
      token = fresh();
      accepted.add(token);
      if (overlapMs > 0) timers.after(overlapMs, () => accepted.delete(before));
      else accepted.delete(before);
      return token;
    },
    expire: () => accepted.clear(),
  };
}
