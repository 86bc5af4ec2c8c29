export { AdapterCoreError, type AdapterCoreErrorCode } from "./adapter-core-error.ts";
export type {
  AgentConfig,
  AgentDefinition,
  AgentEnd,
  AgentFailure,
  AgentReducer,
  AgentResult,
  AgentRunInput,
  AgentVerdict,
} from "./agent-definition.ts";
export { configDocumentation } from "./config/config-documentation.ts";
export { type ConfigField, configField, configFieldWithDefault } from "./config/config-field.ts";
export type { CoreConfig } from "./config/core-config.ts";
export { defineAgentAdapter } from "./define-agent-adapter.ts";
export { type Host, thisHost } from "./host/host.ts";
export { type ErrorCode, type ErrorEntry, errorCatalogue } from "./result/error-catalogue.ts";
