import { readNumber } from "./read-json.ts";

/** Tokens of model calls. Input that was read from or written to a cache is counted apart from `inputTokens`. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheCreationTokens: number;
}

/** No tokens. */
export const noUsage: TokenUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheCreationTokens: 0,
};

/** The sum of two counts or of two costs: never more than the largest integer that a number holds exactly. */
export function addBounded(a: number, b: number): number {
  return Math.min(a + b, Number.MAX_SAFE_INTEGER);
}

/** The sum of two usages, field by field. */
export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    inputTokens: addBounded(a.inputTokens, b.inputTokens),
    outputTokens: addBounded(a.outputTokens, b.outputTokens),
    cacheReadTokens: addBounded(a.cacheReadTokens, b.cacheReadTokens),
    cacheCreationTokens: addBounded(a.cacheCreationTokens, b.cacheCreationTokens),
  };
}

/** A count of tokens as it came: 0 where there is none. */
export function readTokens(value: unknown): number {
  return Math.max(0, addBounded(readNumber(value) ?? 0, 0));
}

/** A cost in US dollars as it came; undefined where it is none that anybody can pay. */
export function readCost(value: unknown): number | undefined {
  const cost = readNumber(value);
  return cost !== undefined && cost >= 0 ? cost : undefined;
}
