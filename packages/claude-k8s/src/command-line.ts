import type { AgentRunInput } from "@paperclip-k8s/adapter-core";
import type { fields } from "./fields.ts";

/** What is known of a run of Claude Code before it starts. */
export type ClaudeRun = AgentRunInput<typeof fields>;

const instructionsFile = "instructions.md";
const mcpFile = "mcp.json";

/** Claude Code and its arguments; the prompt comes on its standard input. */
export function commandLine(run: ClaudeRun): readonly [string, ...string[]] {
  const { config, sessionId } = run;
  const files = filesOf(run);
  return [
    "claude",
    "--print",
    // These two take all words up to the next option, so that options must follow them.
    ...(run.skillsDirectory ? ["--add-dir", run.skillsDirectory] : []),
    ...(mcpFile in files ? ["--mcp-config", run.filePath(mcpFile), "--strict-mcp-config"] : []),
    ...["--output-format", "stream-json", "--verbose"],
    ...(sessionId === null ? [] : ["--resume", sessionId]),
    ...(config.dangerouslySkipPermissions ? ["--dangerously-skip-permissions"] : []),
    ...(config.model === undefined ? [] : ["--model", config.model]),
    ...(config.effort === undefined ? [] : ["--effort", config.effort]),
    ...(config.maxTurnsPerRun > 0 ? ["--max-turns", String(config.maxTurnsPerRun)] : []),
    ...(instructionsFile in files ? ["--append-system-prompt-file", run.filePath(instructionsFile)] : []),
    ...config.extraArgs,
  ];
}

/** The files of a run. A resumed session has the instructions already. */
export function filesOf({ config, sessionId, instructions }: ClaudeRun): Readonly<Record<string, string>> {
  const { mcpServers } = config;
  return {
    ...(instructions === null || sessionId !== null ? {} : { [instructionsFile]: instructions }),
    ...(mcpServers === undefined ? {} : { [mcpFile]: JSON.stringify(asMcpConfig(mcpServers)) }),
  };
}

/** A config may be the servers by name or, as the CLI's own files are, an object with them. */
function asMcpConfig(servers: Readonly<Record<string, unknown>>): object {
  return "mcpServers" in servers ? servers : { mcpServers: servers };
}
