import type { Run } from "../paperclip/api/api-types.ts";

/** A scan that began before a run had ended is over by then. */
const SCAN_MS = 5_000;

/**
 * Whether the host has scheduled `next` since its scan of issues had read `cancelled` before that ended.
 *
 * Paperclip 2026.916.1 reads an issue's latest run, and a few queries later whether anything works on the issue. A run
 * that a user's cancel ends in between passes for lost work, and is scheduled again after 30 s; read anew, it would be
 * exempt for its `cancelledByActorType`. With 1.5 s put between the two reads, this came of 5 cancels in 36 (the host
 * scans every 10 s here).
 */
export function isRetryOfStaleScan(next: Run, cancelled: Run): boolean {
  const isExempt = cancelled.resultJson?.["cancelledByActorType"] === "user";
  const sinceEnd = Date.parse(next.createdAt) - Date.parse(cancelled.finishedAt ?? "");
  const isScheduled = next.contextSnapshot?.["wakeReason"] === "transient_failure_retry";
  return isExempt && isScheduled && next.retryOfRunId === cancelled.id && sinceEnd >= 0 && sinceEnd < SCAN_MS;
}
