import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentScripts } from "../../src/claude-host/agent-scripts.ts";
import { CLAUDE, type ClaudeHost, openClaudeHost } from "../../src/claude-host/open-claude-host.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { NO_REGISTRY } from "../../src/cluster/no-registry.ts";
import { PAPERCLIP_VERSIONS, paperclipVersion, type Run, waitFor } from "../../src/index.ts";
import { bytesOnVolume } from "../../src/run/bytes-on-volume.ts";
import { NOTHING, whatIsLeft } from "../../src/run/what-is-left.ts";

/** It tells an adapter nothing of a cancel. */
const isOldest = paperclipVersion(process.env) === PAPERCLIP_VERSIONS.oldest;

/** Whether an exit record is written, or has come and gone. */
function hasEnded(file: string): () => Promise<boolean> {
  let wasThere = false;
  return async () => {
    const text = await readFile(file, "utf8").catch(() => undefined);
    wasThere ||= text !== undefined;
    return text === undefined ? wasThere : text.trim() !== "";
  };
}

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

  const jobOf = async (run: Run) => {
    const { clients, name } = host.paperclip.namespace;
    const { items } = await clients.batch.listNamespacedJob({ namespace: name });
    return items.find(({ metadata }) => metadata?.annotations?.["paperclip.io/run-id"] === run.id);
  };

  const recordOf = ({ id, agentId }: Run) => {
    const { companyId, namespace } = host.paperclip;
    return join(
      namespace.volumeFolder,
      "instances/default/run-logs",
      companyId,
      agentId,
      `${id}.pod.exit.json`,
    );
  };

  const ticks = () => bytesOnVolume(host.paperclip.namespace, "ticks");

  test("a run that reaches timeoutSec is timed out, and its agent has ended (C8)", async () => {
    const run = await ended("Slow [script:tick]", { timeoutSec: "20" });
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

  test("a run that is cancelled while its Job is suspended in a queue never begins (X1)", async () => {
    const { api } = host.paperclip;
    // Nobody admits from it: the Job stays suspended.
    const run = await start("Queued", { kueueQueue: "team-a" });
    const suspended = async () => (await jobOf(run))?.spec?.suspend;
    await waitFor(suspended, { what: "the suspended Job" });
    const isTold = async () => (await api.events(run.id)).some(({ message }) => message?.includes("queue"));
    await waitFor(isTold, { what: "the host to be told of the queue" });
    expect(await api.cancel(run.id)).toMatchObject({ status: 200, body: { status: "cancelled" } });
    const row = await api.endedRun(run.id);
    expect(row).toMatchObject({ status: "cancelled" });
    if (!isOldest) expect(row.resultJson).toMatchObject({ executionCancellation: { state: "acknowledged" } });
    expect(await podOf(run)).toBeUndefined();
    await waitFor(async () => (await jobOf(run)) === undefined, { what: "the Job to go" });
  });

  test.for([0, 100, 300])(
    "a cancel %i ms after the agent has ended finds the run succeeded or cancelled, and the same ever after (X1)",
    async (afterMs) => {
      const { api } = host.paperclip;
      const run = await start(`Finishing ${afterMs} [script:hello]`, {});
      await waitFor(hasEnded(recordOf(run)), { what: "the agent's end", everyMs: 5 });
      await delay(afterMs);
      const { status, body } = await api.cancel(run.id);
      expect({ status, state: ["cancelled", "succeeded"].includes(body.status) }).toEqual({
        status: 200,
        state: true,
      });
      const row = await api.endedRun(run.id);
      expect(row.status).toBe(body.status);
      if (row.status === "succeeded") expect(row).toMatchObject({ exitCode: 0, errorCode: null });
      else if (!isOldest)
        expect(row.resultJson).toMatchObject({ executionCancellation: { state: "acknowledged" } });
      await waitFor(async () => (await jobOf(run)) === undefined, { what: "the Job to go" });
      expect((await api.run(run.id)).status).toBe(row.status);
    },
  );

  test("nothing is left of all that", async () => {
    expect(await whatIsLeft(host.paperclip.namespace)).toEqual(NOTHING);
  });
});
