import {
  claudeBinary,
  offlineClaudeEnvironment,
  offlineOpenCodeEnvironment,
  opencodeBinary,
} from "@paperclip-k8s/offline-agents";
import { createServerAdapter as createShellAdapter } from "@paperclip-k8s/shell-agent";
import type { ServerAdapterModule } from "@paperclipai/adapter-utils/types";
import { createServerAdapter as createClaudeAdapter } from "paperclip-adapter-claude-k8s";
import { createServerAdapter as createOpenCodeAdapter } from "paperclip-adapter-opencode-k8s";

/** The agents whose CLI is in an image and asks a model. */
export type ModelAgent = "claude" | "opencode";

/** What a stage needs of one. */
interface ModelAgentSetup {
  readonly executables: () => Readonly<Record<string, string>>;
  /** Points the agent CLI at a scripted model. */
  readonly config: (modelUrl: string) => Readonly<Record<string, unknown>>;
}

export const modelAgents: Readonly<Record<ModelAgent, ModelAgentSetup>> = {
  claude: {
    executables: () => ({ "/usr/local/bin/claude": claudeBinary() }),
    config: (baseUrl) => ({ env: offlineClaudeEnvironment({ baseUrl }) }),
  },
  opencode: {
    executables: () => ({ "/usr/local/bin/opencode": opencodeBinary() }),
    config: (baseUrl) => ({
      env: offlineOpenCodeEnvironment({ baseUrl }),
      model: "anthropic/claude-sonnet-4-5",
    }),
  },
};

/** Every adapter that runs here; the prompt of `shell` is a script, for what does not depend on an agent CLI. */
export const adapters: Readonly<Record<ModelAgent | "shell", () => ServerAdapterModule>> = {
  claude: createClaudeAdapter,
  opencode: createOpenCodeAdapter,
  shell: createShellAdapter,
};
