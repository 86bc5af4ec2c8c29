import { type AgentEnd, type AgentFailure, type AgentVerdict, agentEnds } from "@paperclip-k8s/adapter-core";
import { classifyClaudeStderr } from "@paperclip-k8s/stream-json";
import { accountOf, credentials } from "./environment.ts";
import type { fields } from "./fields.ts";

type ClaudeEnd = AgentEnd<typeof fields>;

/** How its ends are told; the remedies stand where the CLI's own words do not fit a Job. */
export const ends = agentEnds({
  prefix: "claude",
  name: "Claude Code",
  errors: {
    claude_auth_required: { remedy: credentials.remedy },
    model_not_found: { remedy: "Set model to one that the account may use." },
    claude_output_limit: { remedy: "Raise CLAUDE_CODE_MAX_OUTPUT_TOKENS in env, or give smaller tasks." },
    max_turns_exhausted: { remedy: "Raise maxTurnsPerRun; the next run starts afresh." },
    claude_unknown_option: {
      meaning: "This version of Claude Code does not know an option.",
      cause: "A misspelt extra argument, or an image with an old version.",
      remedy: "Check the extra arguments and the image's version of the CLI.",
    },
    configuration_incomplete: {
      meaning: "Claude Code refuses to skip permissions as root.",
      cause: "The pod runs as root, which only a pod template can ask for.",
      remedy: "Set runAsUser to another user.",
    },
  },
});

/**
 * What the end of Claude Code means. Its result event decides: one that tells success beats a status that does not,
 * and one that tells an error beats status 0. Without one, stderr and the status have the word; so has the status where
 * the result was not to be the last one.
 */
export function verdict(end: ClaudeEnd): AgentVerdict {
  const failure = failureAtEnd(end);
  const succeeded = end.result.state === "finished" && failure === null;
  const session = ends.sessionAfter(failure, end.run.sessionId !== null);
  return { failure, succeeded, session, ...accountOf(end.environment) };
}

function failureAtEnd(end: ClaudeEnd): AgentFailure | null {
  const { state, failure } = end.result;
  if (state !== "finished") return withoutResult(end);
  if (failure !== null) return ends.explained(failure);
  return wasToGoOn(end) ? truncated(end, "the turn that follows its background work") : null;
}

/** Status 0 means that it has waited long enough; after SIGTERM it ends its tasks first, and has none any more. */
function wasToGoOn({ result, exitCode, signal }: ClaudeEnd): boolean {
  const tasks = result.details["backgroundTasks"];
  const isBroken = signal !== null || (exitCode ?? 0) !== 0;
  return isBroken && typeof tasks === "number" && tasks > 0;
}

function truncated(end: ClaudeEnd, closing: string): AgentFailure {
  return ends.truncated(end, { model: end.result.model ?? end.run.config.model, closing });
}

function withoutResult(end: ClaudeEnd): AgentFailure {
  if (end.result.state !== "never_started") return truncated(end, "a result");
  const finding = classifyClaudeStderr(end.stderrTail);
  switch (finding?.kind) {
    case "unknown_session":
    case "invalid_session":
      return ends.failed("claude_unknown_session", `Claude Code failed: ${finding.message}`);
    case "unknown_option":
      return ends.failed(
        "claude_unknown_option",
        `This Claude Code does not know the option ${finding.option}.`,
      );
    case "root_refused":
      return ends.failed("configuration_incomplete", "Claude Code refuses to run as root.");
    default:
      return ends.notBegun(end);
  }
}
