import { sleep } from "@paperclip-k8s/job-supervisor";
import { firstText } from "../environment/context-values.ts";
import type { Host } from "./host.ts";

/** How a run learns that the host's user has cancelled it. */
export interface Cancellation {
  /** Aborts when the run is cancelled. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** The part of the host's context that tells of a cancel. */
export interface CancellationSource {
  readonly runId: string;
  readonly signal?: AbortSignal | undefined;
  readonly onCancellationReady?: (() => Promise<void>) | undefined;
  readonly authToken?: string | undefined;
}

/** A host without a signal is asked this often, in ms. */
const POLL_MS = 15_000;

/**
 * Listens for a cancel: by the host's signal where it has one, else by the run's status. Opting in comes
 * first, so that the host waits for the end of the Job instead of taking the run for cancelled at once.
 */
export async function listenForCancel(
  host: Host,
  source: CancellationSource,
  /** From `hostApiUrl()`. */
  apiUrl: string,
): Promise<Cancellation> {
  if (source.signal) {
    await optIn(source);
    return { signal: source.signal, stop: () => {} };
  }
  const cancelled = new AbortController();
  const stopped = new AbortController();
  if (source.authToken) void poll(host, { ...source, apiUrl }, cancelled, stopped.signal);
  return { signal: cancelled.signal, stop: () => stopped.abort() };
}

/** A host that cannot note it still aborts the signal, only later. */
async function optIn(source: CancellationSource): Promise<void> {
  try {
    await source.onCancellationReady?.();
  } catch {
    // The run goes on, and is cancelled as one that has not opted in.
  }
}

/**
 * Where the host itself reaches its API, without a slash at the end: its own address, which it tells its
 * processes; else the config's, which is for pods; else the port that it listens on.
 */
export function hostApiUrl(
  environment: Host["environment"],
  configured: Readonly<Record<string, string>>,
): string {
  const { PAPERCLIP_API_URL, PAPERCLIP_RUNTIME_API_URL } = environment;
  const url = firstText(PAPERCLIP_API_URL, PAPERCLIP_RUNTIME_API_URL, configured["PAPERCLIP_API_URL"]);
  return (url ?? listenAddress(environment)).replace(/\/+$/, "");
}

function listenAddress(environment: Host["environment"]): string {
  const { PAPERCLIP_LISTEN_HOST, PAPERCLIP_LISTEN_PORT, HOST, PORT } = environment;
  const host = firstText(PAPERCLIP_LISTEN_HOST, HOST) ?? "localhost";
  const reachable = ["0.0.0.0", "::"].includes(host) ? "localhost" : host;
  const name = reachable.includes(":") && !reachable.startsWith("[") ? `[${reachable}]` : reachable;
  return `http://${name}:${firstText(PAPERCLIP_LISTEN_PORT, PORT) ?? "3100"}`;
}

async function poll(
  host: Host,
  source: CancellationSource & { readonly apiUrl: string },
  cancelled: AbortController,
  stopped: AbortSignal,
): Promise<void> {
  const url = `${source.apiUrl}/api/heartbeat-runs/${encodeURIComponent(source.runId)}`;
  const headers = { authorization: `Bearer ${source.authToken}` };
  while (!stopped.aborted) {
    await sleep({ clock: host.clock, ms: POLL_MS, signal: stopped });
    if (stopped.aborted) return;
    if ((await statusOf(host, url, headers, stopped)) === "cancelled") {
      cancelled.abort(new Error("The run was cancelled on the host."));
      return;
    }
  }
}

/** The run's status; null for whatever is not an answer. An error of the poll is never a cancel. */
async function statusOf(
  host: Host,
  url: string,
  headers: Record<string, string>,
  stopped: AbortSignal,
): Promise<unknown> {
  try {
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(POLL_MS)]);
    const answer = await host.fetch(url, { headers, signal });
    if (!answer.ok) {
      // An unread body would keep its connection.
      await answer.body?.cancel();
      return null;
    }
    const row = (await answer.json()) as { status?: unknown } | null;
    return row?.status ?? null;
  } catch {
    return null;
  }
}
