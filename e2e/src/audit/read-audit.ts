import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { type AuditEntry, type AuditFilter, matchesFilter } from "./audit-entry.ts";

/** What to read. */
export interface ReadAuditOptions {
  /** Path of the audit log, one JSON object in each line. */
  readonly file: string;
  /** Bytes to leave out at the beginning; they must end with a line. Default 0. */
  readonly fromByte?: number;
  readonly filter?: AuditFilter;
}

/** The log's size now, bytes: the `fromByte` of a later reading. 0 if there is no log yet. */
export async function auditPosition(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}

/**
 * The requests that match, in the order of the log, each once.
 *
 * A watch has a line when it is answered and another at its end; both have the same `auditID` and count as one
 * request. A last line that is still being written is left out.
 */
export async function readAudit(options: ReadAuditOptions): Promise<AuditEntry[]> {
  const { file, fromByte = 0, filter = {} } = options;
  const found = new Map<string, AuditEntry>();
  const lines = createInterface({
    input: createReadStream(file, { start: fromByte }),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const line of lines) {
    const entry = parseEntry(line);
    if (entry !== undefined && matchesFilter(entry, filter)) found.set(entry.auditID, entry);
  }
  return [...found.values()];
}

function parseEntry(line: string): AuditEntry | undefined {
  try {
    return JSON.parse(line) as AuditEntry;
  } catch {
    // Half a line: the position was taken, or the end was read, while the API server wrote.
    return undefined;
  }
}
