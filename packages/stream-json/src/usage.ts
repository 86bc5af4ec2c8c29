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

/** The sum of two usages, field by field. */
export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return combine(a, b, (x, y) => x + y);
}

/** Field by field the larger one: a later report of the same message repeats what the earlier one had. */
export function maxUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return combine(a, b, Math.max);
}

/** Field by field the difference. */
export function subtractUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return combine(a, b, (x, y) => x - y);
}

/** A count of tokens as it came: 0 where there is none. */
export function readTokens(value: unknown): number {
  return Math.max(0, readNumber(value) ?? 0);
}

function combine(a: TokenUsage, b: TokenUsage, by: (x: number, y: number) => number): TokenUsage {
  return {
    inputTokens: by(a.inputTokens, b.inputTokens),
    outputTokens: by(a.outputTokens, b.outputTokens),
    cacheReadTokens: by(a.cacheReadTokens, b.cacheReadTokens),
    cacheCreationTokens: by(a.cacheCreationTokens, b.cacheCreationTokens),
  };
}
