import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentScripts } from "../../src/claude-host/agent-scripts.ts";
import { CLAUDE, type ClaudeHost, openClaudeHost } from "../../src/claude-host/open-claude-host.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { type Agent, logText, paperclipVersion, type Run, waitFor } from "../../src/index.ts";

/** The host stores the time of the last output once a minute at most, and we speak up once a minute. */
const LONGEST_SILENCE_MS = 150_000;

interface EquippedAgent extends Agent {
  readonly adapterConfig: Readonly<Record<string, unknown>>;
}

interface WatchedRun extends Run {
  readonly startedAt: string | null;
  readonly lastOutputAt: string | null;
  readonly outputSilence?: { readonly level: string };
}

describeCluster(`What agents have on Paperclip ${paperclipVersion(process.env)}`, (cluster) => {
  let host: ClaudeHost;
  beforeAll(async () => {
    host = await openClaudeHost({ cluster, env: process.env, script: agentScripts });
  });
  afterAll(() => host?.[Symbol.asyncDispose]());

  async function newAgent(name: string): Promise<EquippedAgent> {
    const { api, companyId } = host.paperclip;
    const adapterConfig = host.config;
    const { id } = await api.createAgent({ companyId, name, adapterType: CLAUDE, adapterConfig });
    return (await api.agent(id)) as EquippedAgent;
  }

  /** The system prompts of all calls of the model whose prompt has the mark. */
  const systemPrompts = (mark: string) =>
    host.model.requests
      .filter(({ body }) => JSON.stringify(body ?? null).includes(mark))
      .map(({ body }) => JSON.stringify((body as { system?: unknown } | undefined)?.system ?? null));

  test.concurrent("the instructions that the host keeps for an agent are in its system prompt (R2)", async () => {
    const agent = await newAgent("Instructed-by-host [script:hello]");
    const file = String(agent.adapterConfig["instructionsFilePath"]);
    expect(file).toMatch(/AGENTS\.md$/);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, "Always answer in the manner of a lighthouse keeper.\n");
    const { api } = host.paperclip;
    const run = await api.endedRun((await api.heartbeat(agent.id)).id);
    expect(run).toMatchObject({ status: "succeeded", error: null });
    expect(systemPrompts("Instructed-by-host").join("\n")).toContain("lighthouse keeper");
  });

  test.concurrent("the host's skill is among those that the agent CLI has", async () => {
    const { api } = host.paperclip;
    const agent = await newAgent("Skilled [script:hello]");
    const run = await api.endedRun((await api.heartbeat(agent.id)).id);
    const stdout = logText(await api.log(run.id), "stdout");
    const init = JSON.parse(stdout.split("\n").find((line) => line.includes('"subtype":"init"')) ?? "{}");
    expect(init.skills).toContain("paperclip");
  });

  test.concurrent("three minutes of silence are neither an end nor a worry of the host's (L4, H4)", async () => {
    const { api } = host.paperclip;
    const { id: agentId } = await newAgent("Silent [script:silent]");
    const { id } = await api.heartbeat(agentId);
    const silences: number[] = [];
    const isOver = async () => {
      const run = (await api.run(id)) as WatchedRun;
      if (run.status !== "running") return run.status !== "queued";
      expect(run.outputSilence?.level ?? "ok").toBe("ok");
      const since = run.lastOutputAt ?? run.startedAt;
      if (since !== null) silences.push(Date.now() - Date.parse(since));
      return false;
    };
    await waitFor(isOver, { what: "the silent run to end", withinMs: 280_000, everyMs: 5000 });
    expect(await api.run(id)).toMatchObject({ status: "succeeded", error: null });
    expect(Math.max(...silences)).toBeLessThan(LONGEST_SILENCE_MS);
    const log = await api.log(id);
    expect(logText(log, "stderr")).toMatch(/The agent's Job is alive \(60 s without output/);
    expect(logText(log, "stdout")).toContain("After a silence.");
  });
});
