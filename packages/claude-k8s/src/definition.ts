import type { AgentDefinition } from "@paperclip-k8s/adapter-core";
import { commandLine, filesOf } from "./command-line.ts";
import { credentials, forcedEnvironment, inheritedEnvironment } from "./environment.ts";
import { verdict } from "./errors.ts";
import { fields } from "./fields.ts";
import { quota } from "./limits.ts";
import { models } from "./models.ts";
import { createReducer } from "./reducer.ts";

/** Claude Code as an agent on Kubernetes. */
export const claude: AgentDefinition<typeof fields> = {
  type: "claude_k8s",
  label: "Claude Code (Kubernetes)",
  jobPrefix: "ac-",
  fields,
  models,
  inheritedEnvironment,
  credentials,
  sessionIdPattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu,
  commandLine,
  environment: () => forcedEnvironment,
  files: filesOf,
  createReducer,
  quota,
  verdict,
};
