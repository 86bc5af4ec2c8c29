import type { AgentDefinition } from "@paperclip-k8s/adapter-core";
import { commandLine, filesOf, preamble } from "./command-line.ts";
import { environmentOf, inheritedEnvironment } from "./environment.ts";
import { verdict } from "./errors.ts";
import { fields } from "./fields.ts";
import { models } from "./models.ts";
import { createReducer } from "./reducer.ts";

/** OpenCode as an agent on Kubernetes. */
export const opencode: AgentDefinition<typeof fields> = {
  type: "opencode_k8s",
  label: "OpenCode (Kubernetes)",
  jobPrefix: "oc-",
  fields,
  models,
  inheritedEnvironment,
  sessionIdPattern: /^ses_[0-9A-Za-z]+$/u,
  stateFolder: "opencode",
  patienceSec: ({ providerWaitSec }) => providerWaitSec,
  commandLine,
  environment: environmentOf,
  files: filesOf,
  preamble,
  createReducer,
  verdict,
};
