import type { TailBatch } from "./tail.ts";

/** What a tail counts on its way. */
export interface Counters {
  bytes: number;
  lines: number;
  batches: number;
  polls: number;
  transientErrors: number;
  holes: number;
  replacements: number;
  truncations: number;
  skippedLines: number;
  truncatedLines: number;
  invalidLines: number;
}

/** Counters of a tail that has done nothing yet. */
export function newCounters(): Counters {
  return {
    bytes: 0,
    lines: 0,
    batches: 0,
    polls: 0,
    transientErrors: 0,
    holes: 0,
    replacements: 0,
    truncations: 0,
    skippedLines: 0,
    truncatedLines: 0,
    invalidLines: 0,
  };
}

/** Counts a batch that is handed over. */
export function countBatch(counters: Counters, batch: TailBatch): void {
  let bytes = 0;
  for (const line of batch) bytes += line.end - line.start;
  counters.bytes += bytes;
  counters.lines += batch.length;
  counters.batches++;
}
