// Counts that hold although messages repeat.
import { createRecentIds } from "./recent-ids.ts";
import { noUsage, type TokenUsage } from "./usage.ts";

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

const fields = ["inputTokens", "outputTokens", "cacheReadTokens", "cacheCreationTokens"] as const;

/** Memory is bounded: the oldest messages are forgotten, their tokens stay in the total. */
export function createUsageTally(): UsageTally {
  const known = createRecentIds(remembered);
  const reported = new Float64Array(known.slots * fields.length);
  const total = new Float64Array(fields.length);
  let messages = 0;

  /** Remembers a message with what it reported before: nothing, where it is new. */
  function isNewMessage(messageId: string): boolean {
    const before = known.touch(messageId);
    const from = known.slot * fields.length;
    if (before === undefined) reported.fill(0, from, from + fields.length);
    else if (before !== known.slot)
      reported.copyWithin(from, before * fields.length, (before + 1) * fields.length);
    return before === undefined;
  }

  return {
    report(messageId, usage) {
      if (!messageId || isNewMessage(messageId)) messages += 1;
      const from = messageId ? known.slot * fields.length : undefined;
      for (let at = 0; at < fields.length; at += 1) {
        const before = from === undefined ? 0 : (reported[from + at] ?? 0);
        const now = Math.max(before, usage[fields[at] as keyof TokenUsage]);
        if (from !== undefined) reported[from + at] = now;
        total[at] = (total[at] ?? 0) + now - before;
      }
    },
    restart: () => void total.fill(0),
    get total() {
      const sums = fields.map((field, at) => [field, total[at] ?? 0]);
      return { ...noUsage, ...(Object.fromEntries(sums) as Partial<TokenUsage>) };
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
