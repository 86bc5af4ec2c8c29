import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type ClusterClients, clusterClients, refusalStatus } from "../cluster/clients.ts";
import type { PresentCluster } from "../cluster/cluster.ts";
import { waitFor } from "../wait-for.ts";
import { type AuditEntry, type AuditFilter, matchesFilter } from "./audit-entry.ts";
import { auditPosition, readAudit } from "./read-audit.ts";

/** The requests to the API server from one moment on. */
export interface AuditWindow {
  /** All requests that match and came before this call; waits until the log has them. */
  requests(filter?: AuditFilter): Promise<AuditEntry[]>;
}

/** The API server may hold a batch back for 30 s before it writes it. */
const MARKER_BOUND_MS = 45_000;

/** The path of a cluster's audit log, or undefined for clusters that let nobody read theirs. */
export function auditLogOf(cluster: PresentCluster): string | undefined {
  return cluster.home === undefined ? undefined : join(cluster.home, "logs", "audit.jsonl");
}

/**
 * Begins to count now. Returns undefined where the cluster's audit log cannot be read.
 *
 * The log is written later than the requests are answered. Two requests of our own, told apart by their names, are
 * sent last: when the log has the second, it has all that was answered before the first.
 */
export async function openAuditWindow(cluster: PresentCluster): Promise<AuditWindow | undefined> {
  const file = auditLogOf(cluster);
  if (file === undefined) return undefined;
  const clients = clusterClients(cluster.kubeconfig);
  await writeMarker(clients, file);
  const fromByte = await auditPosition(file);
  return {
    async requests(filter) {
      const marker = await writeMarker(clients, file, fromByte);
      await writeMarker(clients, file, fromByte);
      const entries = await readAudit({ file, fromByte });
      const end = entries.find((entry) => entry.objectRef?.name === marker)?.requestReceivedTimestamp;
      const until = Math.min(
        filter?.until ?? Number.POSITIVE_INFINITY,
        end === undefined ? Date.now() : Date.parse(end),
      );
      return entries.filter((entry) => !isMarker(entry) && matchesFilter(entry, { ...filter, until }));
    },
  };
}

const MARKER = "audit-marker-";

function isMarker(entry: AuditEntry): boolean {
  return entry.objectRef?.name?.startsWith(MARKER) ?? false;
}

async function writeMarker(clients: ClusterClients, file: string, fromByte?: number): Promise<string> {
  const name = `${MARKER}${randomBytes(6).toString("hex")}`;
  const from = fromByte ?? (await auditPosition(file));
  try {
    await clients.core.readNamespace({ name });
  } catch (error) {
    // There is no such namespace; it is the question that counts.
    if (refusalStatus(error) !== 404) throw error;
  }
  const isLogged = async () =>
    (await readAudit({ file, fromByte: from })).some((entry) => entry.objectRef?.name === name);
  await waitFor(isLogged, { what: "the audit log to catch up", withinMs: MARKER_BOUND_MS, everyMs: 500 });
  return name;
}
