import type { AuditedRequest } from "@paperclip-k8s/kube-sandbox";

export type { AuditedRequest } from "@paperclip-k8s/kube-sandbox";

/** Requests by kind ("create jobs"), in the order in which they were first made. */
export type RequestKinds = Readonly<Record<string, number>>;

/** The requests that the adapter made. */
export interface CountedRequests {
  /** What this run cost. */
  readonly run: RequestKinds;
  /** What all runs of a process share: its own pod, and one list and one watch of Jobs and of Pods. */
  readonly start: RequestKinds;
}

/** The adapter's, not those of the proof. */
const ADAPTER = "paperclip-k8s/";

/** Counts the adapter's requests since `firstRequest`, those of the process's start apart. */
export function countRequests(audit: {
  /** All of the process, from its start. */
  readonly requests: readonly AuditedRequest[];
  readonly firstRequest: number;
}): CountedRequests {
  const shared = new Set<string>();
  const run: Record<string, number> = {};
  const start: Record<string, number> = {};
  for (const [at, request] of audit.requests.entries()) {
    if (request.userAgent?.startsWith(ADAPTER) !== true) continue;
    const kind = `${request.verb} ${request.resource}`;
    const isShared = belongsToStart(request, shared.has(kind));
    if (isShared) shared.add(kind);
    if (at < audit.firstRequest) continue;
    const counts = isShared ? start : run;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return { run, start };
}

/** A watch is never a run's; the first list of a kind opens one, and the first pod that is read is the host's own. */
function belongsToStart({ verb, resource }: AuditedRequest, isKnown: boolean): boolean {
  if (verb === "watch") return true;
  if (isKnown) return false;
  return (verb === "list" && ["jobs", "pods"].includes(resource)) || (verb === "get" && resource === "pods");
}
