import { type AgentRunInput, configField, skipPermissions, text } from "@paperclip-k8s/adapter-core";

const group = "Codex";

/** The config fields of Codex's own. */
export const fields = {
  model: configField(text(/^\S+$/u, "a model's name without white space"), {
    label: "Model",
    hint: "A model's name. Default: what the CLI chooses.",
    type: "text",
    group,
  }),
  baseUrl: configField(text(/^https?:\/\/\S+$/u, "a URL such as https://gateway.example.com/v1"), {
    label: "Base URL",
    hint: "Where the Responses API is, for a gateway. Default: OpenAI's own.",
    type: "text",
    group,
  }),
  dangerouslySkipPermissions: skipPermissions(group),
} as const;

/** What is known of a run of Codex before it starts. */
export type CodexRun = AgentRunInput<typeof fields>;

/** Codex and its arguments; the prompt comes on its standard input. */
export function commandLine({ config, sessionId }: CodexRun): readonly [string, ...string[]] {
  return [
    "codex",
    "exec",
    ...(sessionId === null ? [] : ["resume"]),
    ...["--json", "--skip-git-repo-check"],
    // The pod is the sandbox: Codex's own needs rights that a restricted pod has not.
    ...(config.dangerouslySkipPermissions ? ["--dangerously-bypass-approvals-and-sandbox"] : []),
    ...(config.model === undefined ? [] : ["--model", config.model]),
    ...(config.baseUrl === undefined ? [] : gateway(config.baseUrl)),
    ...config.extraArgs,
    ...(sessionId === null ? [] : [sessionId]),
    "-",
  ];
}

/** A provider of its own, by HTTP: with the built-in one Codex first tries a web socket for seconds. */
function gateway(baseUrl: string): readonly string[] {
  const provider = { name: "Gateway", base_url: baseUrl, wire_api: "responses", env_key: "OPENAI_API_KEY" };
  const settings = Object.entries(provider).map(
    ([key, value]) => `model_providers.gateway.${key}=${JSON.stringify(value)}`,
  );
  return ['model_provider="gateway"', ...settings].flatMap((setting) => ["-c", setting]);
}
