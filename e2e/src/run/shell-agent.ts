import {
  type AgentDefinition,
  defineAgentAdapter,
  type ServerAdapterModule,
} from "@paperclip-k8s/adapter-core";

/**
 * An agent whose prompt is a shell script: for what does not depend on an agent CLI, and would take one minutes
 * to bring about.
 */
const shell: AgentDefinition<Record<never, never>> = {
  type: "shell_e2e",
  label: "Shell",
  jobPrefix: "sh-",
  fields: {},
  models: [],
  inheritedEnvironment: [],
  commandLine: () => ["/bin/sh"],
  environment: () => ({}),
  files: () => ({}),
  createReducer: () => {
    let lines = 0;
    return {
      push: () => {
        lines += 1;
      },
      result: () => ({
        state: lines > 0 ? "finished" : "never_started",
        sessionId: null,
        model: null,
        usage: null,
        costUsd: null,
        sessionCostUsd: null,
        summary: null,
        failure: null,
        details: { lines },
      }),
    };
  },
  verdict: () => ({ failure: null, session: "keep", provider: null, biller: null, billingType: "unknown" }),
};

export function createShellAdapter(): ServerAdapterModule {
  return defineAgentAdapter(shell);
}
