import type { AgentEnd, AgentFailure, AgentVerdict } from "@paperclip-k8s/adapter-core";
import { type ClaudeRunResult, classifyClaudeStderr, type FailureFamily } from "@paperclip-k8s/stream-json";
import { accountOf } from "./environment.ts";
import type { fields } from "./fields.ts";

type ClaudeEnd = AgentEnd<typeof fields>;
type Session = AgentVerdict["session"];

/** For every family of failures: the code, what the host may do by itself, and what becomes of the session. */
const meanings: Readonly<Record<FailureFamily, readonly [string, AgentFailure["family"], Session]>> = {
  transient_upstream: ["claude_transient_upstream", "transient_upstream", "keep"],
  provider_quota: ["provider_quota", "provider_quota", "keep"],
  billing_required: ["claude_billing_required", null, "keep"],
  auth_required: ["claude_auth_required", null, "keep"],
  model_not_found: ["model_not_found", null, "keep"],
  model_refusal: ["claude_refusal", "model_refusal", "keep"],
  context_overflow: ["claude_context_overflow", null, "clear"],
  poisoned_session: ["claude_poisoned_session", null, "retry_fresh"],
  unknown_session: ["claude_unknown_session", null, "retry_fresh"],
  output_limit: ["claude_output_limit", null, "keep"],
  max_turns: ["max_turns_exhausted", null, "clear"],
  max_budget: ["claude_max_budget", null, "keep"],
  invalid_request: ["claude_invalid_request", null, "keep"],
  unclassified: ["claude_failed", null, "keep"],
};

/** A failure that the CLI's events tell, in the host's terms. */
export function failureOf({ failure }: Pick<ClaudeRunResult, "failure">): AgentFailure | null {
  if (failure === undefined) return null;
  const [code, family] = meanings[failure.family];
  const retryNotBefore = failure.retryAt === undefined ? null : asIsoTime(failure.retryAt);
  return { code, family, message: failure.message, retryNotBefore };
}

/**
 * What the end of Claude Code means. Its result event decides: one that tells success beats a status that does not,
 * and one that tells an error beats status 0. Without one, stderr and the status have the word.
 */
export function verdict(end: ClaudeEnd): AgentVerdict {
  const isFinished = end.result.state === "finished";
  const failure = isFinished ? withResult(end.result.failure) : withoutResult(end);
  const session = sessionAfter(failure, end.run.sessionId !== null);
  return { failure, succeeded: isFinished && failure === null, session, ...accountOf(end.environment) };
}

/** What to do, where the CLI's own words do not fit a Job. */
const remedies: Readonly<Record<string, string>> = {
  claude_auth_required:
    "Give the agent credentials: ANTHROPIC_API_KEY, or a cloud's, in its env or in the Paperclip server's environment.",
  model_not_found: "Set model to one that the account may use.",
};

function withResult(failure: AgentFailure | null): AgentFailure | null {
  if (failure === null) return null;
  const remedy = remedies[failure.code];
  return { ...failure, message: `Claude Code failed: ${failure.message}${remedy ? ` ${remedy}` : ""}` };
}

function sessionAfter(failure: AgentFailure | null, resumed: boolean): Session {
  const session = Object.values(meanings).find(([code]) => code === failure?.code)?.[2] ?? "keep";
  // What failed in a fresh session would fail in the next one.
  return session === "retry_fresh" && !resumed ? "clear" : session;
}

function withoutResult(end: ClaudeEnd): AgentFailure {
  const { result, stderrTail } = end;
  const finding = result.state === "never_started" ? classifyClaudeStderr(stderrTail) : undefined;
  switch (finding?.kind) {
    case "unknown_session":
    case "invalid_session":
      return failed("claude_unknown_session", `Claude Code failed: ${finding.message}`);
    case "unknown_option":
      return failed(
        "claude_unknown_option",
        `This Claude Code does not know the option ${finding.option}: ${remedy.option}`,
      );
    case "root_refused":
      return failed("configuration_incomplete", `Claude Code refuses to run as root: ${remedy.root}`);
  }
  const words = lastWords(stderrTail);
  if (result.state === "never_started") {
    return failed("claude_start_failed", `Claude Code ended with ${statusOf(end)} before it began${words}`);
  }
  const { failure: trouble } = result;
  const cause = trouble === null ? likelyCause(end) : `while this was not overcome: ${trouble.message}`;
  const model = result.model ?? end.run.config.model ?? "its default model";
  const message = `Claude Code (${model}) began and ended with ${statusOf(end)} without a result, ${cause}${words}`;
  return {
    ...failed("claude_truncated", message),
    ...(trouble && { family: trouble.family, retryNotBefore: trouble.retryNotBefore }),
  };
}

const remedy = {
  option: "check the extra arguments and the image's version of the CLI.",
  root: "set runAsUser to another user.",
};

function likelyCause({ exitCode, signal }: ClaudeEnd): string {
  if (signal === "SIGKILL" || exitCode === 137)
    return "most likely killed from outside, for memory or by the node";
  if (signal === "SIGTERM" || exitCode === 143) return "most likely asked to end from outside";
  if (exitCode === 0) return "most likely because its output was cut off";
  return "most likely because the program crashed";
}

function statusOf({ exitCode, signal }: ClaudeEnd): string {
  return signal === null ? `status ${exitCode ?? "unknown"}` : signal;
}

/** The last line of stderr, cut to what fits into a message. */
function lastWords(stderr: string): string {
  const line = stderr.trim().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? "." : `: ${line.slice(0, 500)}`;
}

function failed(code: string, message: string): AgentFailure {
  return { code, family: null, message, retryNotBefore: null };
}

/** Dates end in the year 275760; the provider may send any number. */
function asIsoTime(ms: number): string | null {
  return Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}
