import { type AuditedRequest, type CountedRequests, countRequests } from "./count-requests.ts";

/** What a run did and cost, in numbers. */
export interface RunFigures {
  readonly run: number;
  /** `succeeded`, `cancelled`, else the adapter's error code. */
  readonly outcome: string;
  /** For people; null where all went well. */
  readonly error: string | null;
  readonly sessionId: string | null;
  readonly resumed: boolean;
  readonly model: string | null;
  /** This run's tokens alone; null where the agent told none. */
  readonly tokens: { readonly input: number; readonly output: number; readonly cached: number } | null;
  /** This run's cost alone, in US dollars. */
  readonly costUsd: number | null;
  /** The whole session's cost up to now, in US dollars. */
  readonly sessionCostUsd: number | null;
  /** From the call of `execute` to its result, in ms. */
  readonly totalMs: number;
  /** From the call of `execute` until the host knew that the agent's container runs, in ms; null if it never did. */
  readonly untilRunningMs: number | null;
  /** From the agent's end, by its own record, to the result, in ms; null where it left none. */
  readonly afterEndMs: number | null;
  /** Null where nobody counts them, as on a real cluster. */
  readonly requests: CountedRequests | null;
  /** Whether a cancel is known to have ended the agent; `too_late` where the run was over before it. */
  readonly cancellation: "confirmed" | "unconfirmed" | "too_late";
}

/** The part of the adapter's result that the figures are read from. */
export interface RunResult {
  readonly errorCode?: string | null | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
  readonly sessionParams?: Readonly<Record<string, unknown>> | null | undefined;
  readonly model?: string | null | undefined;
  readonly usage?: { inputTokens: number; outputTokens: number; cachedInputTokens?: number } | undefined;
  readonly costUsd?: number | null | undefined;
  readonly resultJson?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Reads the figures of a run. Times are in ms since the epoch. */
export function readFigures(options: {
  readonly run: number;
  readonly startedAt: number;
  readonly runningAt: number | null;
  readonly endedAt: number;
  readonly result: RunResult;
  readonly resumed: boolean;
  readonly audit: { readonly requests: readonly AuditedRequest[]; readonly firstRequest: number } | null;
}): RunFigures {
  const { run, startedAt, runningAt, endedAt, result, resumed, audit } = options;
  const { usage, resultJson } = result;
  const ended = ownEnd(resultJson);
  return {
    run,
    outcome: result.errorCode ?? "succeeded",
    error: result.errorMessage ?? null,
    sessionId: result.sessionId ?? null,
    resumed,
    model: result.model ?? null,
    tokens: usage
      ? { input: usage.inputTokens, output: usage.outputTokens, cached: usage.cachedInputTokens ?? 0 }
      : null,
    costUsd: result.costUsd ?? null,
    sessionCostUsd: numberOf(result.sessionParams?.["sessionCostUsd"]),
    totalMs: endedAt - startedAt,
    untilRunningMs: runningAt === null ? null : runningAt - startedAt,
    afterEndMs: ended === null ? null : endedAt - ended,
    requests: audit && countRequests(audit),
    cancellation: cancellationOf(resultJson),
  };
}

/** The agent's end in ms since the epoch; the kubelet's own account, in whole seconds, is too coarse for a difference. */
function ownEnd(resultJson: RunResult["resultJson"]): number | null {
  const ended = numberOf(recordOf(resultJson?.["kubernetes"])["endedAt"]);
  return ended === null || ended % 1000 === 0 ? null : ended;
}

function cancellationOf(resultJson: RunResult["resultJson"]): RunFigures["cancellation"] {
  if (resultJson?.["outcome"] !== "cancelled") return "too_late";
  const isConfirmed = recordOf(resultJson["executionCancellation"])["state"] === "acknowledged";
  return isConfirmed ? "confirmed" : "unconfirmed";
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
