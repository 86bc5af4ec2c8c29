import { sleep } from "@paperclip-k8s/job-supervisor";
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
  apiUrl: string | null,
): Promise<Cancellation> {
  if (source.signal) {
    await source.onCancellationReady?.();
    return { signal: source.signal, stop: () => {} };
  }
  const cancelled = new AbortController();
  const stopped = new AbortController();
  if (apiUrl && source.authToken) void poll(host, { ...source, apiUrl }, cancelled, stopped.signal);
  return { signal: cancelled.signal, stop: () => stopped.abort() };
}

async function poll(
  host: Host,
  source: CancellationSource & { readonly apiUrl: string },
  cancelled: AbortController,
  stopped: AbortSignal,
): Promise<void> {
  const url = `${source.apiUrl.replace(/\/$/, "")}/api/heartbeat-runs/${encodeURIComponent(source.runId)}`;
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
    if (!answer.ok) return null;
    const row = (await answer.json()) as { status?: unknown } | null;
    return row?.status ?? null;
  } catch {
    return null;
  }
}
