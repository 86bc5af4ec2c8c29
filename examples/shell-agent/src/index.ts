// A shell command as an agent. What it understands of its own output is one line of JSON, and that one is optional.
import {
  type AgentDefinition,
  type AgentFailure,
  type AgentReducer,
  type AgentResult,
  configField,
  defineAgentAdapter,
  type ServerAdapterModule,
  text,
} from "@paperclip-k8s/adapter-core";

/** Config fields of its own, beside those that every agent on Kubernetes has. */
const fields = {
  command: configField(text(), {
    label: "Command",
    hint: "A shell command that reads the prompt from its standard input. Default: the prompt is the shell script.",
    type: "textarea",
    group: "Shell",
  }),
};

/** A shell command as an agent on Kubernetes. */
const shell: AgentDefinition<typeof fields> = {
  type: "shell_k8s",
  label: "Shell (Kubernetes)",
  jobPrefix: "sh-",
  fields,
  models: [],
  inheritedEnvironment: ["SHELL_AGENT_*"],
  commandLine: ({ config }) =>
    config.command === undefined
      ? ["/bin/sh", "-s", "--", ...config.extraArgs]
      : ["/bin/sh", "-c", config.command, "sh", ...config.extraArgs],
  environment: () => ({}),
  files: () => ({}),
  // A shell has no system prompt: standing instructions go to the command, not into a script.
  preamble: ({ config, instructions }) => (config.command === undefined ? null : instructions),
  createReducer,
  verdict: ({ result: { failure } }) => ({
    ...{ failure, session: "keep" },
    ...{ provider: null, biller: null, billingType: "unknown" },
  }),
};

/** Remembers the last line, how many there were, and an error that the command told of itself. */
function createReducer(): AgentReducer {
  let lines = 0;
  let last: string | null = null;
  let failure: AgentFailure | null = null;
  const push = (line: string): void => {
    lines += 1;
    if (line.trim() !== "") last = line;
    failure = toldFailure(line) ?? failure;
  };
  const result = (): AgentResult => ({
    state: lines > 0 ? "finished" : "never_started",
    ...{ sessionId: null, model: null, usage: null, costUsd: null, sessionCostUsd: null },
    ...{ summary: last, failure, details: { lines } },
  });
  return { push, result };
}

/** `{"error":"…"}` on a line of its own is a failure, whatever the exit status says. */
function toldFailure(line: string): AgentFailure | null {
  const message = /^\{"error":("(?:[^"\\]|\\.)*")\}$/.exec(line)?.[1];
  if (message === undefined) return null;
  return { code: "shell_error", family: null, message: asText(message), retryNotBefore: null };
}

function asText(json: string): string {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** What Paperclip calls when it loads the adapter. Makes no connection and reads no environment. */
export function createServerAdapter(): ServerAdapterModule {
  return defineAgentAdapter(shell);
}
