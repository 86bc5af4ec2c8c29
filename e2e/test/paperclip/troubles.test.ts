import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentScripts } from "../../src/claude-host/agent-scripts.ts";
import { CLAUDE, type ClaudeHost, openClaudeHost } from "../../src/claude-host/open-claude-host.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { NO_REGISTRY } from "../../src/cluster/no-registry.ts";
import { PAPERCLIP_VERSIONS, paperclipVersion, type Run, waitFor } from "../../src/index.ts";
import { NOTHING, whatIsLeft } from "../../src/run/what-is-left.ts";

/** It tells an adapter nothing of a cancel. */
const isOldest = paperclipVersion(process.env) === PAPERCLIP_VERSIONS.oldest;

describeCluster(`Troubles of a run on Paperclip ${paperclipVersion(process.env)}`, (cluster) => {
  let host: ClaudeHost;
  beforeAll(async () => {
    host = await openClaudeHost({ cluster, env: process.env, script: agentScripts });
  });
  afterAll(() => host?.[Symbol.asyncDispose]());

  /** The form's texts where a number belongs. */
  async function start(name: string, more: Record<string, unknown>): Promise<Run> {
    const { api, companyId } = host.paperclip;
    const adapterConfig = { ...host.config, graceSec: "5", ...more };
    const agent = await api.createAgent({ companyId, name, adapterType: CLAUDE, adapterConfig });
    return api.heartbeat(agent.id);
  }

  const ended = async (name: string, more: Record<string, unknown>) =>
    host.paperclip.api.endedRun((await start(name, more)).id);

  const podOf = async (run: Run) => {
    const { clients, name } = host.paperclip.namespace;
    const { items } = await clients.core.listNamespacedPod({ namespace: name });
    return items.find(({ metadata }) => metadata?.labels?.["paperclip.io/run-id"] === run.id);
  };

  /** Bytes that the agent of `[script:tick]` has written to the volume up to now. */
  const ticks = async () =>
    (await stat(join(host.paperclip.namespace.volumeFolder, "ticks")).catch(() => undefined))?.size ?? 0;

  test("a run that reaches timeoutSec is timed out, and its agent has ended (C8)", async () => {
    const run = await ended("Slow [script:tick]", { timeoutSec: "6" });
    expect(run).toMatchObject({ status: "timed_out", errorCode: "timeout" });
    expect(run.error).toContain("timeoutSec");
    const before = await ticks();
    expect(before).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await ticks()).toBe(before);
  });

  test("an agent without enough memory is told by the limit to raise (C9)", async () => {
    const run = await ended("Large [script:tools]", { "resources.limits.memory": "40Mi" });
    expect(run).toMatchObject({ status: "failed", errorCode: "k8s_oom_killed" });
    expect(run.error).toContain("resources.limits.memory");
  });

  test("an image that cannot be pulled is told with the registry's words (C12)", async () => {
    const run = await ended("Imageless", { image: NO_REGISTRY, bounds: '{"imagePullSec":"10"}' });
    expect(run).toMatchObject({ status: "failed", errorCode: "k8s_image_pull_failed" });
    expect(run.error).toContain("connection refused");
  });

  test("a run that is cancelled while its image is being pulled never begins (X1)", async () => {
    const { api } = host.paperclip;
    const run = await start("Pulling", { image: NO_REGISTRY });
    const isPulling = async () => (await podOf(run))?.status?.containerStatuses?.[0]?.state?.waiting?.reason;
    await waitFor(isPulling, { what: "the image to be pulled" });
    expect(await api.cancel(run.id)).toMatchObject({ status: 200, body: { status: "cancelled" } });
    const row = await api.endedRun(run.id);
    expect(row).toMatchObject({ status: "cancelled" });
    if (!isOldest) expect(row.resultJson).toMatchObject({ executionCancellation: { state: "acknowledged" } });
    await waitFor(async () => (await podOf(run)) === undefined, { what: "the pod to go" });
  });

  test.skipIf(isOldest)("a run that is cancelled while it waits for another never begins (X1)", async () => {
    const { api } = host.paperclip;
    const first = await start("Two at once [script:tick]", {});
    await waitFor(async () => (await podOf(first))?.status?.phase === "Running", {
      what: "the first to work",
    });
    const second = await api.heartbeat(first.agentId);
    const isWaiting = async () =>
      (await api.events(second.id)).some(({ message }) => message?.includes("waiting for its end"));
    await waitFor(isWaiting, { what: "the second to wait" });
    expect(await api.cancel(second.id)).toMatchObject({ status: 200, body: { status: "cancelled" } });
    expect(await podOf(second)).toBeUndefined();
    expect((await api.run(first.id)).status).toBe("running");
    expect(await api.cancel(first.id)).toMatchObject({ status: 200 });
  });

  test("nothing is left of all that", async () => {
    expect(await whatIsLeft(host.paperclip.namespace)).toEqual(NOTHING);
  });
});
