import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { agentScripts } from "../../src/claude-host/agent-scripts.ts";
import { isRetryOfStaleScan } from "../../src/claude-host/is-retry-of-stale-scan.ts";
import { CLAUDE, type ClaudeHost, openClaudeHost } from "../../src/claude-host/open-claude-host.ts";
import { nthRun, nthRunEnded, runsOfIssue } from "../../src/claude-host/runs-of-issue.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { PAPERCLIP_VERSIONS, paperclipVersion, waitFor } from "../../src/index.ts";
import { bytesOnVolume } from "../../src/run/bytes-on-volume.ts";
import { NOTHING, whatIsLeft } from "../../src/run/what-is-left.ts";

/** The host looks every ten seconds for issues that nobody works on. */
const HOST_HAS_LOOKED_MS = 12_000;

/** It tells an adapter nothing of a cancel, and takes the issue up again at once. */
const isOldest = paperclipVersion(process.env) === PAPERCLIP_VERSIONS.oldest;

describeCluster(`The ends of a run on Paperclip ${paperclipVersion(process.env)}`, (cluster) => {
  let host: ClaudeHost;
  beforeAll(async () => {
    host = await openClaudeHost({ cluster, env: process.env, script: agentScripts });
  });
  afterAll(() => host?.[Symbol.asyncDispose]());
  afterEach(async () => {
    expect(await whatIsLeft(host.paperclip.namespace)).toEqual(NOTHING);
  });

  async function assign(description: string, more: Record<string, unknown> = {}) {
    const { api, companyId } = host.paperclip;
    const adapterConfig = { ...host.config, graceSec: "5", ...more };
    const agent = await api.createAgent({ companyId, name: "Agent", adapterType: CLAUDE, adapterConfig });
    const { id } = await api.createIssue({
      companyId,
      title: "Task",
      description,
      assigneeAgentId: agent.id,
    });
    return { issueId: id, agentId: agent.id };
  }

  const ticks = () => bytesOnVolume(host.paperclip.namespace, "ticks");

  test.skipIf(isOldest)(
    "a cancel in mid-run is acknowledged when the agent is dead, blocks nothing and starts nothing (X1, X6)",
    async () => {
      const { api, namespace } = host.paperclip;
      const issue = await assign("[script:tick]");
      const run = await nthRun(host.paperclip, issue, 1);
      await waitFor(async () => (await ticks()) > 20, { what: "the agent to work" });
      const { status, body } = await api.cancel(run.id);
      const atAcknowledgment = await ticks();
      const pods = (await namespace.clients.core.listNamespacedPod({ namespace: namespace.name })).items;
      expect({ status, body }).toMatchObject({ status: 200, body: { status: "cancelled" } });
      for (const { status } of pods)
        expect(status?.containerStatuses?.[0]?.state).toHaveProperty("terminated");
      await delay(HOST_HAS_LOOKED_MS);
      expect(await ticks()).toBe(atAcknowledgment);
      const ended = await api.endedRun(run.id);
      expect(ended).toMatchObject({
        status: "cancelled",
        resultJson: {
          outcome: "cancelled",
          writer: "dead",
          executionCancellation: { state: "acknowledged" },
        },
      });
      const [, ...later] = await runsOfIssue(host.paperclip, issue);
      expect(later.filter((next) => !isRetryOfStaleScan(next, ended))).toEqual([]);
      expect(await api.issue(issue.issueId)).toMatchObject({
        status: "in_progress",
        executionBlocker: null,
        activeRecoveryAction: null,
      });
      // Else such a retry would begin in a later test.
      for (const next of later) await api.cancel(next.id);
    },
  );

  test.runIf(isOldest)(
    "a cancel that the host does not tell of ends the agent all the same, and the run that the host starts meanwhile waits for that (X7)",
    async () => {
      const { api, namespace } = host.paperclip;
      const issue = await assign("[script:tick]");
      const run = await nthRun(host.paperclip, issue, 1);
      await waitFor(async () => (await ticks()) > 20, { what: "the agent to work" });
      expect(await api.cancel(run.id)).toMatchObject({ status: 200, body: { status: "cancelled" } });
      const next = await nthRun(host.paperclip, issue, 2);
      const isNextAtWork = async () => {
        const { items } = await namespace.clients.batch.listNamespacedJob({ namespace: namespace.name });
        const active = items.filter(({ status }) => (status?.active ?? 0) > 0);
        expect(active.length).toBeLessThanOrEqual(1);
        return active.some(({ metadata }) => metadata?.annotations?.["paperclip.io/run-id"] === next.id);
      };
      await waitFor(isNextAtWork, { what: "the next run to work" });
      // Else the host would start a third one after the second.
      const body = { status: "cancelled" };
      await api.request({ method: "PATCH", path: `/issues/${issue.issueId}`, body });
      await api.cancel(next.id);
    },
  );

  test("a config without an image fails the run, and says which field is missing", async () => {
    const { image: _image, ...config } = host.config;
    const { api, companyId } = host.paperclip;
    const agent = await api.createAgent({
      companyId,
      name: "Bare",
      adapterType: CLAUDE,
      adapterConfig: config,
    });
    const run = await api.endedRun((await api.heartbeat(agent.id)).id);
    expect(run).toMatchObject({
      status: "failed",
      errorCode: "configuration_incomplete",
      error: expect.stringMatching(/ image is not set/),
    });
  });

  test("a key that the model refuses fails the run as that", async () => {
    const run = await nthRunEnded(host.paperclip, await assign("[script:unauthorized]"), 1);
    expect(run).toMatchObject({
      status: "failed",
      errorCode: "claude_auth_required",
      error: expect.stringContaining("Invalid API key"),
    });
  });
});
