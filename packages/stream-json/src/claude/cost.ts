// What a run used and cost, from its result events: never the session's sums.
import { addUsage, noUsage, type TokenUsage } from "../usage.ts";
import type { ClaudeResultEvent } from "./events.ts";

/** Sums over the result events of one run; a run with background work has several. */
export interface ResultSums {
  readonly usage: TokenUsage;
  /** undefined as soon as one result did not tell it. */
  readonly costUsd?: number;
  readonly sessionCostUsd?: number;
  readonly turns: number;
  readonly durationMs: number;
}

/** Adds a result to the sums of the ones before. */
export function addResult(sums: ResultSums | undefined, result: ClaudeResultEvent): ResultSums {
  // `usage` of the event leaves subagents and broken calls out; the sums by model have everything.
  const usage = result.usage ?? result.mainUsage;
  const known = (sums === undefined || sums.costUsd !== undefined) && result.costUsd !== undefined;
  const sessionCostUsd = result.sessionCostUsd ?? sums?.sessionCostUsd;
  return {
    usage: addUsage(sums?.usage ?? noUsage, usage),
    turns: (sums?.turns ?? 0) + (result.turns ?? 0),
    durationMs: (sums?.durationMs ?? 0) + (result.durationMs ?? 0),
    ...(known ? { costUsd: (sums?.costUsd ?? 0) + (result.costUsd ?? 0) } : {}),
    ...(sessionCostUsd === undefined ? {} : { sessionCostUsd }),
  };
}

/**
 * The cost of this run in US dollars: as the CLI tells it, else the session's sum without what the session had
 * cost before. Where that is not known either, undefined, unless the whole session has cost nothing.
 */
export function runCost(sums: ResultSums, previousCostUsd: number | undefined): number | undefined {
  if (sums.costUsd !== undefined) return sums.costUsd;
  if (sums.sessionCostUsd === undefined) return undefined;
  if (sums.sessionCostUsd === 0) return 0;
  // A session whose sums were lost begins again below what was known: the difference would be no cost at all.
  if (previousCostUsd === undefined || previousCostUsd > sums.sessionCostUsd) return undefined;
  return sums.sessionCostUsd - previousCostUsd;
}
