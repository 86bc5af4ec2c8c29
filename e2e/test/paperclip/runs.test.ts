import { afterAll, beforeAll, expect, test } from "vitest";
import { agentScripts } from "../../src/claude-host/agent-scripts.ts";
import { CLAUDE, type ClaudeHost, openClaudeHost } from "../../src/claude-host/open-claude-host.ts";
import { type AssignedIssue, nthRunEnded } from "../../src/claude-host/runs-of-issue.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { logText, paperclipVersion, type Run, waitFor } from "../../src/index.ts";
import { NOTHING, whatIsLeft } from "../../src/run/what-is-left.ts";

describeCluster(`Claude on Paperclip ${paperclipVersion(process.env)}`, (cluster) => {
  let host: ClaudeHost;
  let issue: AssignedIssue;
  let first: Run;
  beforeAll(async () => {
    host = await openClaudeHost({ cluster, env: process.env, script: agentScripts });
  });
  afterAll(() => host?.[Symbol.asyncDispose]());

  const newAgent = (name: string, more: Record<string, unknown> = {}) =>
    host.paperclip.api.createAgent({
      companyId: host.paperclip.companyId,
      name,
      adapterType: CLAUDE,
      adapterConfig: { ...host.config, ...more },
    });

  test("a run of an issue works with tools, reaches Paperclip from its pod, and ends as the host shows it", async () => {
    const { api, companyId } = host.paperclip;
    const agent = await newAgent("Worker");
    const description = "Greet, then finish. [script:finish]";
    const { id } = await api.createIssue({
      companyId,
      title: "Greet",
      description,
      assigneeAgentId: agent.id,
    });
    issue = { issueId: id, agentId: agent.id };
    first = await nthRunEnded(host.paperclip, issue, 1);
    expect(first).toMatchObject({ status: "succeeded", exitCode: 0, error: null, errorCode: null });
    expect(first.sessionIdAfter).toMatch(/^[0-9a-f-]{36}$/);
    expect(first.usageJson).toMatchObject({
      provider: "anthropic",
      biller: "anthropic",
      billingType: "metered_api",
      model: expect.stringMatching(/^claude-/),
      usageSource: "per_run",
      inputTokens: expect.toSatisfy((tokens: number) => tokens > 0),
      outputTokens: expect.toSatisfy((tokens: number) => tokens > 0),
      costUsd: expect.toSatisfy((cost: number) => cost > 0),
    });
    expect(first.resultJson).toMatchObject({ outcome: "succeeded", toolCalls: 4, stopReason: "completed" });
    // The agent has done this itself, by the address and the token that its pod was given.
    expect(await api.issue(id)).toMatchObject({ status: "done" });
    // The host writes it after it has set the run's status.
    const isTold = async () => {
      const comments = await api.request<{ body: string }[]>({ path: `/issues/${id}/comments` });
      return comments.some(({ body }) => body === "The greeting was read and the issue is done.");
    };
    await waitFor(isTold, { what: "the summary to be a comment" });
    expect(await whatIsLeft(host.paperclip.namespace)).toEqual(NOTHING);
  });

  test("a comment's run resumes the session and costs what it costs alone (R1, R11)", async () => {
    await host.paperclip.api.comment(issue.issueId, "Once more, please. [script:finish]");
    const second = await nthRunEnded(host.paperclip, issue, 2);
    expect(second).toMatchObject({ status: "succeeded", sessionIdAfter: first.sessionIdAfter });
    expect((await host.paperclip.api.issue(issue.issueId)).status).toBe("done");
    const costs = [first, second].map(({ usageJson }) => Number(usageJson?.["costUsd"]));
    expect(costs[1]).toBeGreaterThan(0);
    // The same work costs the same; the sum of the session would be twice as much.
    expect(costs[1]).toBeLessThan((costs[0] ?? 0) * 1.2);
  });

  test("a second heartbeat resumes the session of the first (R1)", async () => {
    const { api } = host.paperclip;
    const agent = await newAgent("Heart");
    const one = await api.endedRun((await api.heartbeat(agent.id)).id);
    const two = await api.endedRun((await api.heartbeat(agent.id)).id);
    expect([one, two]).toMatchObject([{ status: "succeeded" }, { status: "succeeded" }]);
    expect(one.sessionIdAfter).not.toBeNull();
    expect(two.sessionIdAfter).toBe(one.sessionIdAfter);
  });

  test.for(["tools", "long"])(
    "the stored log of [script:%s] is the host's own redaction of what the agent CLI wrote, chunk by chunk",
    async (script) => {
      const { api, comparedRuns } = host.paperclip;
      const agent = await newAgent(`Kept [script:${script}]`, { extraArgs: "--debug-to-stderr" });
      const run = await api.endedRun((await api.heartbeat(agent.id)).id);
      expect(run).toMatchObject({ status: "succeeded" });
      // It has rejected, were they not equal, as for every run of these files that succeeded.
      expect(comparedRuns).toContain(run.id);
      const log = await api.log(run.id);
      // Else the comparison would say nothing of the redaction, of long lines and of the other stream.
      expect(logText(log, "stdout")).toContain("***REDACTED***");
      expect(logText(log, "stderr").length).toBeGreaterThan(1000);
      const longest = Math.max(
        ...logText(log, "stdout")
          .split("\n")
          .map(({ length }) => length),
      );
      expect(longest > 16 * 1024).toBe(script === "long");
    },
  );
});
