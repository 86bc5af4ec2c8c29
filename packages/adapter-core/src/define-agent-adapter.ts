import type { ServerAdapterModule } from "@paperclipai/adapter-utils/types";
import type { AgentDefinition } from "./agent-definition.ts";
import { testEnvironment } from "./checks/test-environment.ts";
import { configDocumentation } from "./config/config-documentation.ts";
import type { ConfigField } from "./config/config-field.ts";
import { formFields } from "./config/form-fields.ts";
import { execute } from "./execute.ts";
import { sharedCore, useCore } from "./host/core.ts";
import { type Host, thisHost } from "./host/host.ts";
import { createSessionCodec } from "./session/session-codec.ts";
import { skillSnapshot } from "./skills/skill-snapshot.ts";

/**
 * The adapter of an agent, as the host loads it. Makes no connection and reads no variable: that comes with the
 * first run.
 *
 * @param host what the core takes from the process; default: this one
 */
export function defineAgentAdapter<Own extends Record<string, ConfigField>>(
  own: AgentDefinition<Own>,
  host?: Host,
): ServerAdapterModule & { readonly hasOutOfProcessLiveness: true } {
  // Inside, a definition is used with any config that its own schema has read.
  const definition = own as unknown as AgentDefinition;
  useCore(definition.type);
  return {
    type: definition.type,
    execute: (ctx) => execute(definition, host ?? thisHost(), ctx),
    testEnvironment: (ctx) => testEnvironment(definition, host ?? thisHost(), ctx),
    sessionCodec: createSessionCodec(),
    listSkills: skillSnapshot,
    syncSkills: skillSnapshot,
    models: [...definition.models],
    ...(definition.quota && {
      getQuotaWindows: async () =>
        sharedCore().toldLimits.quotaOf(definition, (host ?? thisHost()).clock.now()),
    }),
    getConfigSchema: () => formFields(definition),
    agentConfigurationDoc: configDocumentation(definition),
    supportsLocalAgentJwt: true,
    supportsInstructionsBundle: true,
    instructionsPathKey: "instructionsFilePath",
    runtimeToolDelivery: "environment",
    hasOutOfProcessLiveness: true,
  };
}
