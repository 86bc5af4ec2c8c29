import type { AgentRunInput } from "@paperclip-k8s/adapter-core";
import { openCodeStatusPlugin } from "@paperclip-k8s/stream-json";
import type { fields } from "./fields.ts";

/** What is known of a run of OpenCode before it starts. */
export type OpenCodeRun = AgentRunInput<typeof fields>;

/** OpenCode's config of the run. */
export const configFile = "opencode.json";
const pluginFile = "status.js";

/** OpenCode and its arguments; the prompt comes on its standard input. */
export function commandLine({ config, sessionId, runId }: OpenCodeRun): readonly [string, ...string[]] {
  return [
    "opencode",
    "run",
    ...["--format", "json", "--thinking"],
    // Its log alone tells why a model is not found, and that a call failed.
    ...["--print-logs", "--log-level", "WARN"],
    // Without a title of its own a session asks a model for one.
    ...(sessionId === null ? ["--title", `Paperclip run ${runId}`] : ["--session", sessionId]),
    ...(config.model === undefined ? [] : ["--model", config.model]),
    ...(config.variant === undefined ? [] : ["--variant", config.variant]),
    ...config.extraArgs,
  ];
}

/** The files of a run: what OpenCode may do, where its skills are, and the plugin that tells when it waits for its provider. */
export function filesOf({
  config,
  filePath,
  skillsDirectory,
}: OpenCodeRun): Readonly<Record<string, string>> {
  const settings = {
    $schema: "https://opencode.ai/config.json",
    share: "disabled",
    autoupdate: false,
    ...(config.dangerouslySkipPermissions ? { permission: { "*": "allow" } } : {}),
    ...(skillsDirectory === null ? {} : { skills: { paths: [`${skillsDirectory}/.claude/skills`] } }),
    plugin: [`file://${filePath(pluginFile)}`],
  };
  return { [configFile]: JSON.stringify(settings), [pluginFile]: openCodeStatusPlugin };
}

/** OpenCode takes instructions with the prompt alone. A resumed session has them already. */
export function preamble({ instructions, sessionId }: OpenCodeRun): string | null {
  return sessionId === null ? instructions : null;
}
