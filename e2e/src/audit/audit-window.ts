import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { clusterClients, refusalStatus } from "../cluster/clients.ts";
import type { PresentCluster } from "../cluster/cluster.ts";
import { waitFor } from "../wait-for.ts";
import { type AuditEntry, type AuditFilter, matchesFilter } from "./audit-entry.ts";
import { auditPosition, readAudit } from "./read-audit.ts";

/** The requests to the API server from one moment on. */
export interface AuditWindow {
  /** All requests that match and came before this call; waits until the log has them. */
  requests(filter?: AuditFilter): Promise<AuditEntry[]>;
}

/** An audit log, and a way to leave a mark in it. */
export interface AuditLog {
  /** Path of the log. */
  readonly file: string;
  /** Sends a request that names an object of this name, and waits for its answer. */
  readonly ask: (name: string) => Promise<unknown>;
}

/** The API server may hold a batch back for 30 s before it writes it. */
const MARKER_BOUND_MS = 45_000;
const MARKER = "audit-marker-";

/** The path of a cluster's audit log, or undefined for clusters that let nobody read theirs. */
export function auditLogOf(cluster: PresentCluster): string | undefined {
  return cluster.home === undefined ? undefined : join(cluster.home, "logs", "audit.jsonl");
}

/** Begins to count a cluster's requests now. Returns undefined where its audit log cannot be read. */
export async function openAuditWindow(cluster: PresentCluster): Promise<AuditWindow | undefined> {
  const file = auditLogOf(cluster);
  if (file === undefined) return undefined;
  const { core } = clusterClients(cluster.kubeconfig);
  const ask = (name: string) =>
    core.readNamespace({ name }).catch((error) => {
      // There is no such namespace; it is the question that counts.
      if (refusalStatus(error) !== 404) throw error;
    });
  return openWindow({ file, ask });
}

/**
 * Begins to count now.
 *
 * The log is written later than the requests are answered. Two requests of our own, told apart by their names, are
 * sent last: when the log has the second, it has all that was answered before the first.
 */
export async function openWindow(log: AuditLog): Promise<AuditWindow> {
  const { file } = log;
  await leaveMarker(log, await auditPosition(file));
  const fromByte = await auditPosition(file);
  return {
    async requests(filter) {
      const marker = await leaveMarker(log, fromByte);
      await leaveMarker(log, fromByte);
      const entries = await readAudit({ file, fromByte });
      const end = entries.find((entry) => entry.objectRef?.name === marker)?.requestReceivedTimestamp ?? "";
      const until = Math.min(filter?.until ?? Number.POSITIVE_INFINITY, Date.parse(end));
      return entries.filter((entry) => !isMarker(entry) && matchesFilter(entry, { ...filter, until }));
    },
  };
}

function isMarker(entry: AuditEntry): boolean {
  return entry.objectRef?.name?.startsWith(MARKER) ?? false;
}

async function leaveMarker({ file, ask }: AuditLog, fromByte: number): Promise<string> {
  const name = `${MARKER}${randomBytes(6).toString("hex")}`;
  await ask(name);
  const isLogged = async () =>
    (await readAudit({ file, fromByte })).some((entry) => entry.objectRef?.name === name);
  await waitFor(isLogged, { what: "the audit log to catch up", withinMs: MARKER_BOUND_MS, everyMs: 200 });
  return name;
}
