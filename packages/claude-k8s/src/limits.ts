import type { AgentLimit, AgentQuota } from "@paperclip-k8s/adapter-core";
import type { ClaudeRunResult } from "@paperclip-k8s/stream-json";

/** Whose limits Claude Code is told: those of a subscription, by a token or by the login in `HOME`. */
export const quota: AgentQuota = {
  provider: "anthropic",
  account: (environment) =>
    ["ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CONFIG_DIR", "HOME"]
      .map((name) => environment[name])
      .find((value) => value) ?? "",
};

/** A map: the stream may name any type, such as one that every object has. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ["five_hour", "5h"],
  ["seven_day", "7d"],
  ["seven_day_opus", "Opus 7d"],
  ["seven_day_sonnet", "Sonnet 7d"],
  ["overage", "Extra usage"],
]);

/** The limits of a run as the host shows them. */
export function limitsOf({ limits }: Pick<ClaudeRunResult, "limits">): readonly AgentLimit[] {
  return limits.map(({ limitType = "", status, utilization, resetsAt }) => ({
    label: LABELS.get(limitType) ?? limitType.replaceAll("_", " "),
    usedPercent: status === "rejected" ? 100 : utilization === undefined ? null : percent(utilization),
    resetsAt:
      resetsAt === undefined || Math.abs(resetsAt) > LAST_MS ? null : new Date(resetsAt).toISOString(),
  }));
}

/** The last moment that a date can hold, in ms; a stream may name any number. */
const LAST_MS = 8.64e15;

function percent(fraction: number): number {
  return Math.round(Math.min(Math.max(fraction, 0), 1) * 100);
}
