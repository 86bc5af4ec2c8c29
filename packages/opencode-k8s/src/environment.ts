import type { InheritedName } from "@paperclip-k8s/adapter-core";
import { configFile, type OpenCodeRun } from "./command-line.ts";

const vertex = "GOOGLE_VERTEX_PROJECT";
const bedrock = "AWS_BEARER_TOKEN_BEDROCK";

/** Variables of the host that OpenCode gets: its own, and the keys of providers. Those of a cloud come only with its mark. */
export const inheritedEnvironment: readonly InheritedName[] = [
  ...["OPENCODE_API_KEY", "OPENCODE_AUTH_CONTENT", "OPENCODE_CONFIG_CONTENT", "OPENCODE_MODELS_URL"],
  ...["OPENCODE_DISABLE_MODELS_FETCH", "OPENCODE_EXPERIMENTAL_OUTPUT_TOKEN_MAX"],
  ...["ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENROUTER_API_KEY"],
  ...["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY", "MISTRAL_API_KEY", "GROQ_API_KEY"],
  ...["XAI_API_KEY", "DEEPSEEK_API_KEY", "TOGETHER_API_KEY", "FIREWORKS_API_KEY", "CEREBRAS_API_KEY"],
  ...["MOONSHOT_API_KEY", "ZHIPU_API_KEY", "AZURE_API_KEY", "AZURE_RESOURCE_NAME"],
  { when: bedrock, names: [bedrock, "AWS_REGION"] },
  {
    when: vertex,
    names: [vertex, "GOOGLE_VERTEX_LOCATION", "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT"],
  },
];

/**
 * Variables of every run. The database of sessions lies in the agent's own folder on the shared volume; caches and locks,
 * which a killed run leaves behind, end with the pod. The image decides OpenCode's version.
 */
export function environmentOf(run: OpenCodeRun): Readonly<Record<string, string>> {
  return {
    OPENCODE_CONFIG: run.filePath(configFile),
    OPENCODE_DISABLE_PROJECT_CONFIG: "true",
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    XDG_DATA_HOME: run.stateDirectory ?? run.tmpDirectory,
    XDG_STATE_HOME: `${run.tmpDirectory}/state`,
    XDG_CACHE_HOME: `${run.tmpDirectory}/cache`,
  };
}

/** Who answers, who sends the bill, and for what. */
export interface Account {
  readonly provider: string | null;
  readonly biller: string | null;
  readonly billingType: "api" | "unknown";
}

/** The account that OpenCode takes: the model's provider, by its key where there is one. */
export function accountOf(model: string | undefined, environment: Readonly<Record<string, string>>): Account {
  const provider = model?.split("/")[0] ?? null;
  const key = `${provider?.toUpperCase().replace(/\W/g, "_")}_API_KEY`;
  return { provider, biller: provider, billingType: environment[key] ? "api" : "unknown" };
}
