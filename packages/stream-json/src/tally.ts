// Counts that hold although messages repeat.
import { createRecentMap, type RecentMap } from "./recent-map.ts";
import { addUsage, maxUsage, noUsage, subtractUsage, type TokenUsage } from "./usage.ts";

/**
 * Ids that are remembered. A CLI repeats a message within the same turn, so that the last thousand ids
 * (about 100 KB) are many times enough.
 */
const remembered = 1_024;

/** Adds up what messages used, each message once. */
export interface UsageTally {
  /** Reports the usage of a message; a later report of the same message replaces what is smaller. */
  report(messageId: string | undefined, usage: TokenUsage): void;
  readonly total: TokenUsage;
  readonly messages: number;
  /** Begins the total again: what came before is in the result. Messages stay counted. */
  restart(): void;
}

/** Memory is bounded: the oldest messages are forgotten, their tokens stay in the total. */
export function createUsageTally(): UsageTally {
  const known: RecentMap<TokenUsage> = createRecentMap(remembered);
  let total = noUsage;
  let messages = 0;
  return {
    report(messageId, usage) {
      const before = messageId === undefined ? undefined : known.get(messageId);
      if (before === undefined) messages += 1;
      const now = maxUsage(before ?? noUsage, usage);
      if (messageId !== undefined) known.set(messageId, now);
      total = addUsage(total, subtractUsage(now, before ?? noUsage));
    },
    restart() {
      total = noUsage;
    },
    get total() {
      return total;
    },
    get messages() {
      return messages;
    },
  };
}

/** Counts ids, each once. */
export interface IdTally {
  /** True if the id is new, or missing: what has no id cannot be recognised. */
  add(id: string | undefined): boolean;
  readonly count: number;
}

/** Memory is bounded: an id that comes again after a thousand others counts again. */
export function createIdTally(): IdTally {
  const known: RecentMap<true> = createRecentMap(remembered);
  let count = 0;
  return {
    add(id) {
      const isNew = id === undefined || id === "" || known.get(id) === undefined;
      if (id) known.set(id, true);
      if (isNew) count += 1;
      return isNew;
    },
    get count() {
      return count;
    },
  };
}
