import {
  type AgentEnd,
  type AgentFailure,
  type AgentVerdict,
  failureFrom,
  failureMeanings,
  failureWithCode,
  lastWords,
  sessionAfter,
  statusOf,
  truncatedEnd,
} from "@paperclip-k8s/adapter-core";
import { type ClaudeRunResult, classifyClaudeStderr } from "@paperclip-k8s/stream-json";
import { accountOf } from "./environment.ts";
import type { fields } from "./fields.ts";

type ClaudeEnd = AgentEnd<typeof fields>;

/** For every family of failures: the code, what the host may do by itself, and what becomes of the session. */
export const meanings = failureMeanings("claude");

/** A failure that the CLI's events tell, in the host's terms. */
export function failureOf({ failure }: Pick<ClaudeRunResult, "failure">): AgentFailure | null {
  return failureFrom(meanings, failure);
}

/**
 * What the end of Claude Code means. Its result event decides: one that tells success beats a status that does not,
 * and one that tells an error beats status 0. Without one, stderr and the status have the word.
 */
export function verdict(end: ClaudeEnd): AgentVerdict {
  const isFinished = end.result.state === "finished";
  const failure = isFinished ? withResult(end.result.failure) : withoutResult(end);
  const session = sessionAfter(meanings, failure, end.run.sessionId !== null);
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

function withoutResult(end: ClaudeEnd): AgentFailure {
  const { result, stderrTail } = end;
  const finding = result.state === "never_started" ? classifyClaudeStderr(stderrTail) : undefined;
  switch (finding?.kind) {
    case "unknown_session":
    case "invalid_session":
      return failureWithCode("claude_unknown_session", `Claude Code failed: ${finding.message}`);
    case "unknown_option":
      return failureWithCode(
        "claude_unknown_option",
        `This Claude Code does not know the option ${finding.option}: ${remedy.option}`,
      );
    case "root_refused":
      return failureWithCode(
        "configuration_incomplete",
        `Claude Code refuses to run as root: ${remedy.root}`,
      );
  }
  if (result.state === "never_started") {
    const message = `Claude Code ended with ${statusOf(end)} before it began${lastWords(stderrTail)}`;
    return failureWithCode("claude_start_failed", message);
  }
  const model = result.model ?? end.run.config.model ?? "its default model";
  return truncatedEnd({ code: "claude_truncated", what: `Claude Code (${model})`, without: "a result", end });
}

const remedy = {
  option: "check the extra arguments and the image's version of the CLI.",
  root: "set runAsUser to another user.",
};
