export type { AdapterModel as AgentModel } from "@paperclipai/adapter-utils";
export type { ServerAdapterModule } from "@paperclipai/adapter-utils/types";
export { AdapterCoreError, type AdapterCoreErrorCode } from "./adapter-core-error.ts";
export type {
  AgentConfig,
  AgentCredentials,
  AgentDefinition,
  AgentEnd,
  AgentFailure,
  AgentLimit,
  AgentQuota,
  AgentReducer,
  AgentResult,
  AgentRunInput,
  AgentVerdict,
  AgentWait,
} from "./agent-definition.ts";
export { configDocumentation } from "./config/config-documentation.ts";
export { type ConfigField, configField, configFieldWithDefault } from "./config/config-field.ts";
export type { CoreConfig } from "./config/core-config.ts";
export { skipPermissions } from "./config/fields/skip-permissions.ts";
export { formFields } from "./config/form-fields.ts";
export { type ConfigProblem, type ParsedConfig, parseConfig } from "./config/parse-config.ts";
export { choice, integer, text, toggle, verbatim } from "./config/values/plain-values.ts";
export { jsonObject, keyValues, nameList, objectList, wordList } from "./config/values/structured-values.ts";
export { defineAgentAdapter } from "./define-agent-adapter.ts";
export type { InheritedName } from "./environment/inherited-environment.ts";
export { type Host, thisHost } from "./host/host.ts";
export { type AgentEnds, agentEnds, usageFrom } from "./result/agent-ends.ts";
export type { AgentErrorText } from "./result/agent-errors.ts";
export { type ErrorCode, type ErrorEntry, errorCatalogue, type HostRetry } from "./result/error-catalogue.ts";
export { errorDocumentation } from "./result/error-documentation.ts";
