import type { AgentCredentials, InheritedName } from "@paperclip-k8s/adapter-core";

const bedrock = "CLAUDE_CODE_USE_BEDROCK";
const vertex = "CLAUDE_CODE_USE_VERTEX";

/** Variables of the host that Claude Code gets. Those of a cloud come only where that cloud is switched on. */
export const inheritedEnvironment: readonly InheritedName[] = [
  ...[
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_CUSTOM_HEADERS",
    "ANTHROPIC_BETAS",
  ],
  ...["ANTHROPIC_MODEL", "ANTHROPIC_SMALL_FAST_MODEL", "ANTHROPIC_DEFAULT_*", "CLAUDE_CODE_SUBAGENT_MODEL"],
  ...[
    "CLAUDE_CODE_OAUTH_TOKEN",
    "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
    "CLAUDE_CODE_MAX_RETRIES",
    "API_TIMEOUT_MS",
  ],
  ...["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "DISABLE_TELEMETRY", "DISABLE_ERROR_REPORTING"],
  {
    when: bedrock,
    names: [bedrock, "CLAUDE_CODE_SKIP_BEDROCK_AUTH", "ANTHROPIC_BEDROCK_BASE_URL", "AWS_*"],
  },
  {
    when: vertex,
    names: [
      ...[vertex, "CLAUDE_CODE_SKIP_VERTEX_AUTH", "ANTHROPIC_VERTEX_*", "CLOUD_ML_REGION", "VERTEX_REGION_*"],
      ...["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT"],
    ],
  },
];

/** Variables of every run: the image decides the CLI's version. */
export const forcedEnvironment: Readonly<Record<string, string>> = { DISABLE_AUTOUPDATER: "1" };

/** Who answers, who sends the bill, and for what. */
export interface Account {
  readonly provider: string;
  readonly biller: string;
  readonly billingType: "api" | "subscription" | "metered_api";
}

/** Where the CLI takes its credentials from. */
export const credentials: AgentCredentials = {
  areIn: (environment) =>
    [
      ...["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CONFIG_DIR"],
      ...[bedrock, vertex],
    ].some((name) => isSet(environment, name)),
  homeFile: ".claude/.credentials.json",
  remedy:
    "Give the agent credentials: ANTHROPIC_API_KEY, CLAUDE_CODE_OAUTH_TOKEN or a cloud's, in its env or in the Paperclip server's environment.",
};

function isSet(environment: Readonly<Record<string, string>>, name: string): boolean {
  return !["", "0", "false"].includes(environment[name]?.toLowerCase() ?? "");
}

/** The account that the CLI takes, by its variables. */
export function accountOf(environment: Readonly<Record<string, string>>): Account {
  if (isSet(environment, bedrock))
    return { provider: "anthropic", biller: "aws_bedrock", billingType: "metered_api" };
  if (isSet(environment, vertex))
    return { provider: "anthropic", biller: "google_vertex", billingType: "metered_api" };
  const hasKey = isSet(environment, "ANTHROPIC_API_KEY") || isSet(environment, "ANTHROPIC_AUTH_TOKEN");
  return { provider: "anthropic", biller: "anthropic", billingType: hasKey ? "api" : "subscription" };
}
