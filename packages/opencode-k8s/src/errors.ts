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
import type { OpenCodeRunResult } from "@paperclip-k8s/stream-json";
import { accountOf } from "./environment.ts";
import type { fields } from "./fields.ts";

type OpenCodeEnd = AgentEnd<typeof fields>;

/** For every family of failures: the code, what the host may do by itself, and what becomes of the session. */
export const meanings = failureMeanings("opencode");

/** A failure that the CLI's events tell, in the host's terms. */
export function failureOf({ failure }: Pick<OpenCodeRunResult, "failure">): AgentFailure | null {
  return failureFrom(meanings, failure);
}

/**
 * What the end of OpenCode means. Its events decide: an error is a failure also with status 0, and a last step that
 * ended well is a success also with another one, which a conversation has that was too long and made shorter.
 */
export function verdict(end: OpenCodeEnd): AgentVerdict {
  const { model } = end.run.config;
  const failure = failureAtEnd(end);
  const succeeded = end.result.state === "finished" && failure === null;
  const session = sessionAfter(meanings, failure, end.run.sessionId !== null);
  return { failure, succeeded, session, model: model ?? null, ...accountOf(model, end.environment) };
}

function failureAtEnd(ended: OpenCodeEnd): AgentFailure | null {
  const { result } = ended;
  const stderrTail = inWords(ended.stderrTail);
  const end = { ...ended, stderrTail };
  if (result.state === "truncated") {
    const what = `OpenCode (${end.run.config.model ?? "its default model"})`;
    return truncatedEnd({ code: "opencode_truncated", what, without: "the end of its last step", end });
  }
  if (result.failure !== null) return withRemedy(result.failure);
  if (result.state === "finished") return null;
  // The database could not be opened: nothing else of OpenCode's is a failed query at its start.
  if (/^Failed query: PRAGMA |database is locked|SQLITE_/m.test(stderrTail)) {
    const message = `OpenCode cannot use its database on the shared volume${lastQuery(stderrTail)}`;
    return failureWithCode("opencode_state_unusable", `${message} ${remedies["opencode_state_unusable"]}`);
  }
  const message = `OpenCode ended with ${statusOf(end)} before it began${lastWords(stderrTail)}`;
  return failureWithCode("opencode_start_failed", message);
}

function lastQuery(stderr: string): string {
  return lastWords(stderr.split("\n").findLast((line) => /Failed query|locked|SQLITE_/.test(line)) ?? "");
}

/** Without the lines of the log and of the plugin: the reducer has read those. */
function inWords(stderr: string): string {
  return stderr.replace(/^(?:timestamp=|\{"type":).*\n?/gm, "");
}

/** What to do, where the provider's own words do not say it. */
const remedies: Readonly<Record<string, string>> = {
  opencode_auth_required:
    "Give the agent credentials: the provider's key, such as ANTHROPIC_API_KEY, in its env or in the Paperclip server's environment.",
  model_not_found: "Set model to one that the provider has, as provider/model.",
  opencode_state_unusable:
    "The volume must have POSIX locks and shared memory maps; another run of the agent must not be at work.",
};

function withRemedy(failure: AgentFailure): AgentFailure {
  const remedy = remedies[failure.code];
  return { ...failure, message: `OpenCode failed: ${failure.message}${remedy ? ` ${remedy}` : ""}` };
}
