import { type AuditEntry, resourceOf } from "./audit-entry.ts";

/** How many requests of each kind there were: `"create jobs"` → 1. */
export type RequestCounts = Readonly<Record<string, number>>;

/** Counts by verb and resource, sorted by name, ready to compare and to print. */
export function countRequests(entries: readonly AuditEntry[]): RequestCounts {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const kind = `${entry.verb} ${resourceOf(entry)}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
