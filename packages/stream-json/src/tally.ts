// Counts that hold although messages repeat.
import { createRecentIds } from "./recent-ids.ts";
import { addBounded, type TokenUsage } from "./usage.ts";

/** Ids that are remembered. A CLI repeats a message within the same turn, so that a thousand are many times enough. */
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

/** The numbers of a usage. */
const FIELDS = 4;

/** Memory is bounded: the oldest messages are forgotten, their tokens stay in the total. */
export function createUsageTally(): UsageTally {
  const known = createRecentIds(remembered);
  const reported = new Float64Array(known.slots * FIELDS);
  const total = new Float64Array(FIELDS);
  let messages = 0;

  /** Remembers a message with what it reported before: nothing, where it is new. */
  function isNewMessage(messageId: string): boolean {
    const before = known.touch(messageId);
    const from = known.slot * FIELDS;
    if (before === undefined) reported.fill(0, from, from + FIELDS);
    else if (before !== known.slot) reported.copyWithin(from, before * FIELDS, (before + 1) * FIELDS);
    return before === undefined;
  }

  /** Puts what is above the earlier report of the same message into the total. */
  function raise(field: number, from: number | undefined, tokens: number): void {
    const before = from === undefined ? 0 : (reported[from + field] ?? 0);
    if (tokens <= before) return;
    if (from !== undefined) reported[from + field] = tokens;
    total[field] = addBounded(total[field] ?? 0, tokens - before);
  }

  return {
    report(messageId, usage) {
      if (!messageId || isNewMessage(messageId)) messages += 1;
      const from = messageId ? known.slot * FIELDS : undefined;
      raise(0, from, usage.inputTokens);
      raise(1, from, usage.outputTokens);
      raise(2, from, usage.cacheReadTokens);
      raise(3, from, usage.cacheCreationTokens);
    },
    restart: () => void total.fill(0),
    get total() {
      const [inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheCreationTokens = 0] = total;
      return { inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens };
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

/** Memory is bounded: an id that comes again after thousands of others counts again. */
export function createIdTally(): IdTally {
  const known = createRecentIds(remembered);
  let count = 0;
  return {
    add(id) {
      const isNew = !id || known.touch(id) === undefined;
      if (isNew) count += 1;
      return isNew;
    },
    get count() {
      return count;
    },
  };
}
