import type { Outcome } from "@paperclip-k8s/job-supervisor";
import type { AdapterExecutionErrorFamily, AdapterExecutionResult } from "@paperclipai/adapter-utils/types";
import type { AgentFailure, AgentResult, AgentVerdict } from "../agent-definition.ts";
import type { FollowedRun } from "../attempt/follow-run.ts";
import type { DeliveryEnd } from "../output/deliver.ts";
import { codeOfOutcome, type ErrorCode, errorCatalogue } from "./error-catalogue.ts";
import { acknowledgment, recoveryOfStopped } from "./late-cancel.ts";

/** What the host is told of a run that got as far as an outcome. */
export interface ResultOptions {
  readonly followed: FollowedRun;
  readonly verdict: AgentVerdict;
  /** The session's parameters for the next run; null where there is none; undefined: as they were. */
  readonly sessionParams: Record<string, unknown> | null | undefined;
  /** The session that the agent CLI was started with, which it may not have told of yet. */
  readonly resumedSessionId: string | null;
  readonly clock: { now(): number };
}

/** The end of a run, in the host's terms. */
export function toResult(options: ResultOptions): AdapterExecutionResult {
  const { followed, verdict, sessionParams, clock } = options;
  const { outcome, agent } = followed;
  const failure = failureOf(followed, verdict);
  const isCancelled = outcome.kind === "cancelled" && followed.gaveUp === null;
  const cancellation = isCancelled && outcome.writer !== "not_confirmed" ? acknowledgment(clock.now()) : {};
  return {
    // A success that the agent CLI has told itself beats the status it ended with.
    exitCode: isCancelled ? null : failure === null ? 0 : outcome.exitCode,
    signal: isCancelled ? "SIGTERM" : failure === null ? null : outcome.signal,
    timedOut: outcome.kind === "timed_out",
    errorMessage: failure?.message ?? null,
    errorCode: failure?.code ?? null,
    errorFamily: failure?.family ?? null,
    retryNotBefore: failure?.retryNotBefore ?? null,
    ...usageOf(agent, verdict),
    ...sessionOf(agent, verdict, sessionParams),
    ...recoveryOf(options),
    summary: agent.summary,
    resultJson: { ...agent.details, ...evidenceOf(followed), ...cancellation },
  };
}

/**
 * The end of a run whose Job was not seen to work.
 *
 * @param options.workStarted whether the agent did something in an earlier attempt of the run; default false
 */
export function refusedResult(
  outcome: Outcome,
  options: { readonly clock: { now(): number }; readonly workStarted?: boolean },
): AdapterExecutionResult {
  const { clock, workStarted = false } = options;
  const code = codeOfOutcome[outcome.kind] ?? "k8s_job_create_failed";
  const isCancelled = outcome.kind === "cancelled";
  // A resume that was not answered may have been applied: nobody knows then that nothing runs.
  const isCertain = outcome.writer === "never_started";
  return {
    exitCode: null,
    signal: isCancelled ? "SIGTERM" : null,
    timedOut: false,
    errorCode: code,
    errorMessage: withRemedy(unconfirmed(outcome.message, outcome), code),
    errorFamily: isPermanent(outcome) ? null : errorCatalogue[code].family,
    ...(isCertain && !workStarted ? nothingStarted : {}),
    resultJson: {
      outcome: outcome.kind,
      writer: outcome.writer,
      ...(isCancelled && isCertain ? acknowledgment(clock.now()) : {}),
    },
  };
}

/** What the API server will refuse the next time as well: no use to try again. */
function isPermanent(outcome: Outcome): boolean {
  return outcome.kind === "create_failed" && !outcome.transient;
}

/**
 * The end of a run whose config cannot be used.
 *
 * @param options.workStarted whether the agent did something in an earlier attempt of the run; default false
 */
export function notConfigured(
  message: string,
  options: { readonly workStarted?: boolean } = {},
): AdapterExecutionResult {
  return {
    ...withoutJob("configuration_incomplete", message),
    ...(options.workStarted ? {} : nothingStarted),
  };
}

/** The end of a run before which the API server did not answer. Nothing was created. */
export function unreachableResult(message: string): AdapterExecutionResult {
  const code = "k8s_job_create_failed";
  return { ...withoutJob(code, message), errorFamily: errorCatalogue[code].family, ...nothingStarted };
}

function withoutJob(code: ErrorCode, message: string): AdapterExecutionResult {
  return {
    ...{ exitCode: null, signal: null, timedOut: false },
    ...{ errorCode: code, errorMessage: withRemedy(message, code) },
  };
}

/** What went wrong, the cluster's word before the agent's: an agent that was killed cannot say why. */
function failureOf(followed: FollowedRun, verdict: AgentVerdict): AgentFailure | null {
  const { outcome, agent, stdout, stderr, gaveUp } = followed;
  const code = codeOfOutcome[outcome.kind];
  // An agent whose wait was ended from here would count as cancelled by somebody.
  if (gaveUp !== null && outcome.kind === "cancelled")
    return { ...gaveUp, message: unconfirmed(gaveUp.message, outcome) };
  if (code !== null) return coreFailure(code, unconfirmed(outcome.message, outcome));
  // An agent whose closing event is among the lost bytes would be taken for one that never came to its end.
  if (!stdout.complete && agent.state !== "finished") return logIncomplete(stdout);
  if (verdict.failure)
    return { ...verdict.failure, message: verdict.failure.message || verdict.failure.code };
  if (outcome.kind === "failed" && !verdict.succeeded)
    return coreFailure("agent_failed", `${outcome.message}${lastWords(followed)}`);
  const lost = [stdout, stderr].find(({ complete }) => !complete);
  return lost ? logIncomplete(lost) : null;
}

function logIncomplete({ problem }: DeliveryEnd): AgentFailure {
  return coreFailure("k8s_log_incomplete", `Not all of the agent's output arrived: ${problem}.`);
}

function coreFailure(code: ErrorCode, message: string): AgentFailure {
  const family: AdapterExecutionErrorFamily | null = errorCatalogue[code].family;
  return { code, family, message: withRemedy(message, code), retryNotBefore: null };
}

function withRemedy(message: string, code: ErrorCode): string {
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return `${sentence} ${errorCatalogue[code].remedy}`;
}

/** Says so where nobody could confirm that the agent has ended. */
function unconfirmed(message: string, outcome: Outcome): string {
  if (outcome.writer !== "not_confirmed") return message;
  return `${message} Whether the agent has ended could not be confirmed: its files stay, and its Job counts as live.`;
}

function lastWords({ stderrTail }: FollowedRun): string {
  const words = stderrTail.trim().split("\n").slice(-5).join("\n").slice(-1000);
  return words === "" ? "" : ` The end of its stderr: ${words}`;
}

function usageOf(agent: AgentResult, verdict: AgentVerdict): Partial<AdapterExecutionResult> {
  return {
    ...(agent.usage ? { usage: agent.usage, usageBasis: "per_run" as const } : {}),
    costUsd: agent.costUsd,
    model: agent.model ?? verdict.model ?? null,
    provider: verdict.provider,
    biller: verdict.biller,
    billingType: verdict.billingType,
  };
}

function sessionOf(
  agent: AgentResult,
  verdict: AgentVerdict,
  params: Record<string, unknown> | null | undefined,
): Partial<AdapterExecutionResult> {
  if (verdict.session !== "keep") return { clearSession: true, sessionId: null, sessionParams: null };
  if (params === undefined) return {};
  return { sessionId: agent.sessionId, sessionDisplayId: agent.sessionId, sessionParams: params };
}

const nothingStarted = {
  executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
} as const;

/** What the pod's script tells of runs whose agent CLI it did not start. */
const NOT_STARTED: ReadonlySet<string> = new Set(["cli_missing", "output_unwritable", "prompt_unreadable"]);

/** Evidence that lets the host start again without doing anything twice. */
function recoveryOf({
  followed,
  verdict,
  resumedSessionId,
}: ResultOptions): Pick<AdapterExecutionResult, "executionRecovery"> {
  const { outcome, agent, gaveUp } = followed;
  if (outcome.writer === "never_started" || wasNotStarted(outcome)) return nothingStarted;
  const isOver = outcome.kind === "cancelled" && outcome.writer === "dead" && gaveUp === null;
  const sessionId = agent.sessionId ?? resumedSessionId;
  return recoveryOfStopped(isOver && sessionId !== null && verdict.session === "keep");
}

function wasNotStarted(outcome: Outcome): boolean {
  return outcome.kind === "start_failed" && outcome.writer === "dead" && NOT_STARTED.has(outcome.failure);
}

/** Small facts for whoever looks at the run's record. Nothing secret, and nothing of the transcript. */
function evidenceOf({ outcome, stdout, stderr }: FollowedRun): Record<string, unknown> {
  const { jobName, podName, nodeName, reason, startedAt, endedAt } = outcome.evidence;
  return {
    outcome: outcome.kind,
    writer: outcome.writer,
    kubernetes: { jobName, podName, nodeName, reason, startedAt, endedAt },
    output: { stdoutBytes: stdout.bytes, stdoutLines: stdout.lines, stderrBytes: stderr.bytes },
  };
}
