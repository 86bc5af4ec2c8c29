import type { ConfigOf } from "./config-field.ts";
import { agentFields } from "./fields/agent-fields.ts";
import { kubernetesFields } from "./fields/kubernetes-fields.ts";
import { runFields } from "./fields/run-fields.ts";
import { volumeFields } from "./fields/volume-fields.ts";

/** The config fields that every agent has. */
export const coreFields = { ...agentFields, ...kubernetesFields, ...volumeFields, ...runFields } as const;

/** The values of the core's fields, after validation. What is unset and has no default is undefined. */
export type CoreConfig = ConfigOf<typeof coreFields>;
