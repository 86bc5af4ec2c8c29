import type { ProviderQuotaResult } from "@paperclipai/adapter-utils";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentScripts, QUOTA_RESET } from "../../src/claude-host/agent-scripts.ts";
import { CLAUDE, type ClaudeHost, openClaudeHost } from "../../src/claude-host/open-claude-host.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { logText, paperclipVersion, type Run } from "../../src/index.ts";
import { NOTHING, whatIsLeft } from "../../src/run/what-is-left.ts";

/** What the model does, and what the host shows of it. */
const ERRORS = [
  { script: "unauthorized", id: "R9", code: "claude_auth_required", says: /Invalid API key/ },
  { script: "rate-limited", id: "R7", code: "provider_quota", says: /429/ },
  { script: "overloaded", id: "R8", code: "claude_transient_upstream", says: /Overloaded/ },
  { script: "cut", id: "R8", code: "claude_transient_upstream", says: /connection/i },
  { script: "refusal", id: "R8", code: "claude_refusal", says: /flagged|refus/i },
] as const;

describeCluster(`What the model does wrong, on Paperclip ${paperclipVersion(process.env)}`, (cluster) => {
  let host: ClaudeHost;
  beforeAll(async () => {
    host = await openClaudeHost({ cluster, env: process.env, script: agentScripts });
  });
  afterAll(() => host?.[Symbol.asyncDispose]());

  async function runOf(script: string, env: Readonly<Record<string, string>> = {}): Promise<Run> {
    const { api, companyId } = host.paperclip;
    const agent = await api.createAgent({
      ...{ companyId, name: `Agent [script:${script}]` },
      adapterType: CLAUDE,
      adapterConfig: { ...host.config, env: { ...(host.config["env"] as object), ...env } },
    });
    return api.endedRun((await api.heartbeat(agent.id)).id);
  }

  test.concurrent.for(ERRORS)("$id: $script is $code", async ({ script, code, says }) => {
    const run = await runOf(script);
    expect(run).toMatchObject({ status: "failed", errorCode: code, error: expect.stringMatching(says) });
    // The raw stream would hold the run's token.
    expect(JSON.stringify(run.resultJson)).not.toContain("offline-key");
    expect(logText(await host.paperclip.api.log(run.id), "stdout")).toContain('"type":"result"');
  });

  test.concurrent("R7: a subscription's limit is told with the time of its reset", async () => {
    // With a key of the API the CLI says nothing of when; a subscription's limit it knows.
    const run = await runOf("quota", { ANTHROPIC_API_KEY: "", CLAUDE_CODE_OAUTH_TOKEN: "offline-token" });
    expect(run).toMatchObject({
      status: "failed",
      errorCode: "provider_quota",
      resultJson: { errorFamily: "provider_quota", retryNotBefore: QUOTA_RESET.toISOString() },
    });
    const { api, companyId } = host.paperclip;
    const shown = await api.request<ProviderQuotaResult[]>({
      path: `/companies/${companyId}/costs/quota-windows`,
    });
    expect(shown.find(({ source }) => source === `runs of ${CLAUDE}`)).toMatchObject({
      ...{ provider: "anthropic", ok: true },
      windows: [{ label: "5h", usedPercent: 100, resetsAt: QUOTA_RESET.toISOString() }],
    });
  });

  test("leaves nothing behind", async () => {
    expect(await whatIsLeft(host.paperclip.namespace)).toEqual(NOTHING);
  });
});
