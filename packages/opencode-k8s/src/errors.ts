import { type AgentEnd, type AgentFailure, type AgentVerdict, agentEnds } from "@paperclip-k8s/adapter-core";
import { accountOf } from "./environment.ts";
import type { fields } from "./fields.ts";

/** How its ends are told; the remedies stand where the provider's own words do not say it. */
export const ends = agentEnds({
  prefix: "opencode",
  name: "OpenCode",
  // It knows neither limit.
  never: ["max_turns", "max_budget"],
  errors: {
    opencode_auth_required: {
      remedy:
        "Give the agent credentials: the provider's key, such as ANTHROPIC_API_KEY, in its env or in the Paperclip server's environment.",
    },
    opencode_transient_upstream: {
      meaning:
        "The provider or the way to it failed for longer than providerWaitSec, or ended an answer with an error.",
    },
    model_not_found: { remedy: "Set model to one that the provider has, as provider/model." },
    opencode_output_limit: {
      remedy: "Raise OPENCODE_EXPERIMENTAL_OUTPUT_TOKEN_MAX in env, or give smaller tasks.",
    },
    opencode_state_unusable: {
      meaning: "OpenCode cannot use its database on the shared volume.",
      cause: "A file system without POSIX locks or shared memory maps, or two runs of the agent at once.",
      remedy:
        "The volume must have POSIX locks and shared memory maps; another run of the agent must not be at work.",
    },
  },
});

type OpenCodeEnd = AgentEnd<typeof fields>;

/**
 * What the end of OpenCode means. Its events decide: an error is a failure also with status 0, and a last step that
 * ended well is a success also with another one, which a run has that survived an error: a conversation that was too long
 * and made shorter, a file that could not be read.
 */
export function verdict(end: OpenCodeEnd): AgentVerdict {
  const { model } = end.run.config;
  // The reducer has read the lines of the log and of the plugin.
  const stderrTail = end.stderrTail.replace(/^(?:timestamp=|\{"type":).*\n?/gm, "");
  const failure = failureAtEnd({ ...end, stderrTail });
  const succeeded = end.result.state === "finished" && failure === null;
  const session = ends.sessionAfter(failure, end.run.sessionId !== null);
  return { failure, succeeded, session, model: model ?? null, ...accountOf(model, end.environment) };
}

function failureAtEnd(end: OpenCodeEnd): AgentFailure | null {
  const { result, run, stderrTail } = end;
  if (result.state === "truncated")
    return ends.truncated(end, { model: run.config.model, closing: "the end of its last step" });
  if (result.failure !== null) return ends.explained(result.failure);
  if (result.state === "finished") return null;
  // Nothing else of OpenCode's is a failed query at its start.
  const query = /^(?:Failed query: PRAGMA .*|.*database is locked.*|.*SQLITE_.*)$/m.exec(stderrTail)?.[0];
  if (query === undefined) return ends.notBegun(end);
  const message = `OpenCode cannot use its database on the shared volume: ${query}.`;
  return ends.failed("opencode_state_unusable", message);
}
