import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentScripts } from "../../src/claude-host/agent-scripts.ts";
import { CLAUDE, type ClaudeHost, openClaudeHost } from "../../src/claude-host/open-claude-host.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { logText, packAdapter, paperclipVersion, type Run, repositoryRoot } from "../../src/index.ts";

interface FormField {
  readonly key: string;
  readonly type: string;
  readonly default?: unknown;
}

interface EnvironmentTest {
  readonly status: string;
  readonly checks: readonly { readonly code: string; readonly level: string; readonly hint?: string }[];
}

type ParseLine = (line: string, ts: string) => readonly { readonly kind: string; readonly text?: string }[];

describeCluster(`The adapter in Paperclip ${paperclipVersion(process.env)}`, (cluster) => {
  let host: ClaudeHost;
  let run: Run;
  beforeAll(async () => {
    host = await openClaudeHost({ cluster, env: process.env, script: agentScripts });
  });
  afterAll(() => host?.[Symbol.asyncDispose]());

  const get = <T>(path: string) => host.paperclip.api.request<T>({ path });

  /** What the form sends that a user has opened and saved: texts for numbers, and empty ones for what is not set. */
  async function formConfig(): Promise<Record<string, unknown>> {
    const { fields } = await get<{ fields: FormField[] }>(`/adapters/${CLAUDE}/config-schema`);
    const sent = ({ type, default: fallback }: FormField) =>
      type === "toggle" ? (fallback ?? false) : String(fallback ?? "");
    return { ...Object.fromEntries(fields.map((field) => [field.key, sent(field)])), ...host.config };
  }

  test("is known by its type and version, with its capabilities and models (H1)", async () => {
    expect(host.installed).toMatchObject({ type: CLAUDE, requiresRestart: false });
    const adapters = await get<object[]>("/adapters");
    expect(adapters).toContainEqual(
      expect.objectContaining({
        type: CLAUDE,
        loaded: true,
        capabilities: expect.objectContaining({
          supportsInstructionsBundle: true,
          supportsLocalAgentJwt: true,
        }),
      }),
    );
    const models = await get<object[]>(`/companies/${host.paperclip.companyId}/adapters/${CLAUDE}/models`);
    expect(models).toContainEqual(expect.objectContaining({ id: "opus" }));
  });

  test("tests an environment that works, and one without rights (H7)", async () => {
    const { api, companyId } = host.paperclip;
    const good = await api.testEnvironment<EnvironmentTest>(companyId, CLAUDE, await formConfig());
    expect(good.checks.filter(({ level }) => level !== "info")).toEqual([]);
    expect(good).toMatchObject({ status: "pass", adapterType: CLAUDE });
    const elsewhere = { ...host.config, namespace: "default" };
    const bad = await api.testEnvironment<EnvironmentTest>(companyId, CLAUDE, elsewhere);
    const errors = bad.checks.filter(({ level }) => level === "error");
    expect(bad.status).toBe("fail");
    expect(errors.length).toBeGreaterThan(0);
    for (const { hint } of errors) expect(hint).toMatch(/\w{10}|\w+ \w+/);
  });

  test("runs with the config that the form sends (H2)", async () => {
    const { api, companyId, namespace } = host.paperclip;
    const adapterConfig = {
      ...(await formConfig()),
      "resources.requests.cpu": "50m",
      labels: "team=blue\nstage=first",
      timeoutSec: "600",
      graceSec: "5",
      retainJobs: true,
    };
    const name = "Formed [script:tools]";
    const agent = await api.createAgent({ companyId, name, adapterType: CLAUDE, adapterConfig });
    run = await api.endedRun((await api.heartbeat(agent.id)).id);
    expect(run).toMatchObject({ status: "succeeded", error: null });
    const { items } = await namespace.clients.batch.listNamespacedJob({ namespace: namespace.name });
    expect(items[0]?.metadata?.labels).toMatchObject({ team: "blue", stage: "first" });
    expect(items[0]?.spec?.template.spec?.containers[0]?.resources?.requests).toMatchObject({ cpu: "50m" });
  });

  test("has a parser that the host's worker can evaluate, for the lines that the host stores (H6)", async () => {
    const text = await get<string>(`/adapters/${CLAUDE}/ui-parser.js`);
    const module = { exports: {} as { parseStdoutLine?: ParseLine } };
    // As the worker of the host's page does it.
    new Function("exports", "module", "self", "globalThis", `"use strict";{${text}}`)(module.exports, module);
    const parse = module.exports.parseStdoutLine;
    const stored = logText(await host.paperclip.api.log(run.id), "stdout");
    const lines = stored.split("\n").filter((line) => line.trim() !== "");
    const entries = lines.flatMap((line) => [...(parse?.(line, "2026-01-01T00:00:00.000Z") ?? [])]);
    const kinds = new Set(entries.map(({ kind }) => kind));
    for (const kind of ["init", "assistant", "thinking", "tool_call", "tool_result", "result"]) {
      expect(kinds).toContain(kind);
    }
  });

  test("is replaced by the tarball of the host's own npm, and runs after a restart (H1)", async () => {
    const { api, companyId, folder } = host.paperclip;
    const packageFolder = join(repositoryRoot(), "packages", "claude-k8s");
    const packed = await packAdapter({ packageFolder, into: folder, env: process.env });
    await api.request({ method: "DELETE", path: `/adapters/${CLAUDE}` });
    const source = { kind: "tarball", packageName: packed.packageName, file: packed.tarball } as const;
    expect(await api.installAdapter(source)).toMatchObject({ type: CLAUDE });
    await host.paperclip.server.stop();
    await host.paperclip.restart();
    const adapterConfig = host.config;
    const agent = await api.createAgent({ companyId, name: "Tar", adapterType: CLAUDE, adapterConfig });
    expect(await api.endedRun((await api.heartbeat(agent.id)).id)).toMatchObject({ status: "succeeded" });
  });
});
