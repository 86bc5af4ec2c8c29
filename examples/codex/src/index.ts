import {
  type AgentDefinition,
  type AgentEnd,
  type AgentFailure,
  type AgentVerdict,
  agentEnds,
  defineAgentAdapter,
  type ServerAdapterModule,
} from "@paperclip-k8s/adapter-core";
import { commandLine, fields } from "./command-line.ts";
import { createReducer } from "./reducer.ts";

const ends = agentEnds({ prefix: "codex", name: "Codex", errors: {} });

/** Codex as an agent on Kubernetes: a sketch. */
const codex: AgentDefinition<typeof fields> = {
  type: "codex_k8s",
  label: "Codex (Kubernetes)",
  jobPrefix: "cx-",
  fields,
  models: [],
  inheritedEnvironment: ["OPENAI_API_KEY", "CODEX_API_KEY"],
  sessionIdPattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu,
  // Threads, and SQLite beside them.
  stateFolder: "codex",
  commandLine,
  environment: ({ stateDirectory, tmpDirectory }) => ({ CODEX_HOME: stateDirectory ?? tmpDirectory }),
  files: () => ({}),
  preamble: ({ instructions, sessionId }) => (sessionId === null ? instructions : null),
  createReducer,
  verdict,
};

function verdict(end: AgentEnd<typeof fields>): AgentVerdict {
  const failure = end.result.state === "finished" ? end.result.failure : withoutEnd(end);
  return {
    failure,
    succeeded: end.result.state === "finished" && failure === null,
    session: failure?.code === "codex_unknown_session" ? "retry_fresh" : "keep",
    model: end.run.config.model ?? null,
    ...{ provider: "openai", biller: "openai" },
    billingType: end.environment["OPENAI_API_KEY"] || end.environment["CODEX_API_KEY"] ? "api" : "unknown",
  };
}

function withoutEnd(end: AgentEnd<typeof fields>): AgentFailure {
  if (end.stderrTail.includes("no rollout found for thread id"))
    return ends.failed("codex_unknown_session", "Codex does not know the session that it was to resume.");
  if (end.result.state === "never_started") return ends.notBegun(end);
  return ends.truncated(end, { model: end.run.config.model, closing: "the end of its turn" });
}

/** What Paperclip calls when it loads the adapter. Makes no connection and reads no environment. */
export function createServerAdapter(): ServerAdapterModule {
  return defineAgentAdapter(codex);
}
