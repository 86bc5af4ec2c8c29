import {
  type AgentDefinition,
  type AgentRunInput,
  type ConfigField,
  parseConfig,
} from "../../../src/index.ts";

/** A run of an agent with a config as the form sends it. */
export function agentRun<Own extends Record<string, ConfigField>>(
  definition: AgentDefinition<Own>,
  raw: Record<string, unknown> = {},
  more: Partial<AgentRunInput<Own>> = {},
): AgentRunInput<Own> {
  const parsed = parseConfig(definition, raw);
  if (!parsed.ok) throw new Error(parsed.message);
  return {
    config: parsed.config,
    runId: "run-1",
    sessionId: null,
    instructions: null,
    filePath: (name) => `/run/paperclip/files/${name}`,
    workingDirectory: "/paperclip/work",
    skillsDirectory: null,
    stateDirectory: "/paperclip/state",
    tmpDirectory: "/tmp",
    ...more,
  };
}
