import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentScripts } from "../../src/claude-host/agent-scripts.ts";
import { CLAUDE, type ClaudeHost, openClaudeHost } from "../../src/claude-host/open-claude-host.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { installPaperclip, logText, paperclipVersion, waitFor } from "../../src/index.ts";
import { chunksOf, hostRedaction } from "../../src/paperclip/host-redaction.ts";
import { NOTHING, whatIsLeft } from "../../src/run/what-is-left.ts";

describeCluster(`A killed Paperclip ${paperclipVersion(process.env)}`, (cluster) => {
  let host: ClaudeHost;
  beforeAll(async () => {
    host = await openClaudeHost({ cluster, env: process.env, script: agentScripts });
  });
  afterAll(() => host?.[Symbol.asyncDispose]());

  test("leaves its Job at work; the agent's next run follows it from its first byte to its end (L20, G5)", async () => {
    const { api, companyId, namespace, server } = host.paperclip;
    const adapterConfig = host.config;
    const name = "Counter [script:count]";
    const agent = await api.createAgent({ companyId, name, adapterType: CLAUDE, adapterConfig });
    const lost = await api.heartbeat(agent.id);
    const works = async () => logText(await api.log(lost.id), "stdout").includes('"tool_use"');
    await waitFor(works, { what: "the agent to work" });
    await server.kill();
    await server.stop();
    const jobs = async () =>
      (await namespace.clients.batch.listNamespacedJob({ namespace: namespace.name })).items;
    const [orphan] = await jobs();
    expect(orphan?.status?.active).toBe(1);

    await host.paperclip.restart();
    const next = await api.heartbeat(agent.id);
    expect(next.id).not.toBe(lost.id);
    const follows = async () => logText(await api.log(next.id), "stdout").includes('"tool_use"');
    await waitFor(follows, { what: "the next run to show the orphan's output" });
    expect((await jobs()).map(({ metadata }) => metadata?.uid)).toEqual([orphan?.metadata?.uid]);
    const folder = join(namespace.volumeFolder, "instances/default/run-logs", companyId, agent.id);
    const written = await readFile(join(folder, `${lost.id}.pod.ndjson`), "utf8");
    const run = await api.endedRun(next.id);
    expect(run).toMatchObject({ status: "succeeded" });
    const events = (await api.events(run.id)).map(({ message }) => message);
    expect(events).toContainEqual(expect.stringContaining(`Following Job ${orphan?.metadata?.name}`));
    const modules = await installPaperclip({ version: paperclipVersion(process.env), env: process.env });
    const redact = await hostRedaction(modules);
    const log = (await api.log(run.id)).filter(({ chunk }) => !chunk.startsWith("[paperclip] "));
    const stored = logText(log, "stdout");
    expect(stored.startsWith(chunksOf(written).map(redact).join(""))).toBe(true);
    expect(stored).toContain("tick 20");
    expect(stored).toContain("Counted to 20.");
    expect(await whatIsLeft(namespace)).toEqual(NOTHING);
  });
});
