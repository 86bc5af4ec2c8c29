// Both adapters in one host, by their names from a registry, as a user installs them.
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  claudeBinary,
  offlineClaudeEnvironment,
  offlineOpenCodeEnvironment,
  opencodeBinary,
  type ScriptedModel,
  startScriptedModel,
} from "@paperclip-k8s/offline-agents";
import { type Released, release } from "@paperclip-k8s/publish/release-to-registry";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findBrowser, openBrowser, shownText } from "../../src/browser/open-browser.ts";
import { agentScripts } from "../../src/claude-host/agent-scripts.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { requirePodReachableAddress } from "../../src/cluster/pod-reachable-address.ts";
import {
  countRequests,
  ensureAgentImage,
  openAuditWindow,
  openPaperclip,
  type PaperclipOnCluster,
  paperclipVersion,
  type Run,
} from "../../src/index.ts";
import { runCommand } from "../../src/processes/run-command.ts";
import { repositoryRoot } from "../../src/processes/workspace-node.ts";
import { NOTHING, whatIsLeft } from "../../src/run/what-is-left.ts";

/** Where what a user would see is kept, for somebody to look at. */
const SCREENSHOTS = join(repositoryRoot(), "e2e", "screenshots");
const PACKAGES = {
  claude_k8s: "paperclip-adapter-claude-k8s",
  opencode_k8s: "paperclip-adapter-opencode-k8s",
};
type Type = keyof typeof PACKAGES;

describeCluster(`Adapters from a registry, in Paperclip ${paperclipVersion(process.env)}`, (cluster) => {
  const stack = new AsyncDisposableStack();
  let released: Released;
  let paperclip: PaperclipOnCluster;
  let model: ScriptedModel;
  let runs: Readonly<Record<string, Run>> = {};
  const images = { claude_k8s: "", opencode_k8s: "" };

  beforeAll(async () => {
    const env = process.env;
    const image = (path: string, binary: string) =>
      ensureAgentImage({ cluster, executables: { [path]: binary }, env });
    images.claude_k8s = await image("/usr/local/bin/claude", claudeBinary());
    images.opencode_k8s = await image("/usr/local/bin/opencode", opencodeBinary());
    const folder = await realpath(await mkdtemp(join(tmpdir(), "paperclip-k8s-registry-")));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    released = stack.use(await release({ folder }));
    const extraEnvironment = { npm_config_registry: released.registry.url };
    paperclip = stack.use(await openPaperclip({ cluster, env, extraEnvironment }));
    const host = await requirePodReachableAddress(paperclip.namespace.clients.core, env);
    model = stack.use(await startScriptedModel({ host, script: agentScripts }));
  });
  afterAll(() => stack.disposeAsync());

  const install = (type: Type) => {
    const packageName = PACKAGES[type];
    const version = released.packages.find(({ name }) => name === packageName)!.version;
    return paperclip.api.installAdapter({ kind: "registry", packageName, version });
  };

  /** The types of ours that the host has loaded. */
  async function loaded(): Promise<readonly string[]> {
    const adapters = await paperclip.api.request<{ type: string; loaded: boolean }[]>({ path: "/adapters" });
    return adapters
      .filter(({ type, loaded: is }) => is && type in PACKAGES)
      .map(({ type }) => type)
      .sort();
  }

  let agents = 0;
  async function newAgent(type: Type): Promise<string> {
    const env =
      type === "claude_k8s"
        ? offlineClaudeEnvironment({ baseUrl: model.url, maxRetries: 1 })
        : offlineOpenCodeEnvironment({ baseUrl: model.url });
    const { id } = await paperclip.api.createAgent({
      companyId: paperclip.companyId,
      // The address of its page is made of it.
      name: `${type} ${++agents} [script:tools]`,
      adapterType: type,
      adapterConfig: {
        ...{ ...paperclip.adapterConfig, image: images[type], env },
        ...(type === "opencode_k8s" ? { model: "anthropic/claude-sonnet-4-5" } : {}),
      },
    });
    return id;
  }

  const runOf = async (agentId: string) =>
    paperclip.api.endedRun((await paperclip.api.heartbeat(agentId)).id);

  async function restart(): Promise<void> {
    await paperclip.server.stop();
    await paperclip.restart();
  }

  test("one is installed by its name, and its agent runs (H1)", async () => {
    expect(await install("claude_k8s")).toMatchObject({ type: "claude_k8s", requiresRestart: false });
    expect(await runOf(await newAgent("claude_k8s"))).toMatchObject({ status: "succeeded", error: null });
  });

  test("a second one works at once, and the host's npm takes the first away at the next start", async () => {
    expect(await install("opencode_k8s")).toMatchObject({ type: "opencode_k8s" });
    expect(await loaded()).toEqual(["claude_k8s", "opencode_k8s"]);
    await restart();
    // Should this fail one day, the host has been mended: the READMEs' advice can go.
    expect(await loaded()).toEqual(["opencode_k8s"]);
    expect(await runOf(await newAgent("opencode_k8s"))).toMatchObject({ status: "succeeded", error: null });
  });

  test("each from a folder of its own, both stay, run side by side, and resume (H1, R1)", async () => {
    for (const [type, packageName] of Object.entries(PACKAGES)) {
      const folder = join(paperclip.folder, type);
      await mkdir(folder);
      await writeFile(join(folder, "package.json"), '{ "private": true }\n');
      const args = ["install", "--prefix", folder, packageName];
      await runCommand({ command: "npm", args, cwd: folder, env: released.env, timeoutMs: 300_000 });
      await chmod(folder, 0o755);
      await paperclip.api.request({ method: "DELETE", path: `/adapters/${type}` }).catch(() => {});
      const source = { kind: "folder", folder: join(folder, "node_modules", packageName) } as const;
      expect(await paperclip.api.installAdapter(source)).toMatchObject({ type });
    }
    await restart();
    expect(await loaded()).toEqual(["claude_k8s", "opencode_k8s"]);
    const audit = await openAuditWindow(cluster);
    const pair = await Promise.all([newAgent("claude_k8s"), newAgent("opencode_k8s")]);
    const first = await Promise.all(pair.map(runOf));
    const second = await Promise.all(pair.map(runOf));
    for (const [index, run] of second.entries()) {
      expect([first[index], run]).toMatchObject([{ status: "succeeded" }, { status: "succeeded" }]);
      expect(run.sessionIdAfter).toBe(first[index]?.sessionIdAfter);
    }
    // One core, though each adapter has brought its own copy of it.
    const asked = audit && countRequests(await audit.requests({ user: paperclip.namespace.userName }));
    if (asked) expect(asked).toMatchObject({ "watch jobs": 1, "watch pods": 1, "create jobs": 4 });
    expect(await whatIsLeft(paperclip.namespace)).toEqual(NOTHING);
    runs = Object.fromEntries(second.map((run, index) => [Object.keys(PACKAGES)[index], run]));
  });

  test.for(Object.keys(PACKAGES))(
    "%s: the host's page shows the transcript of a run (H6)",
    async (type, context) => {
      const program = findBrowser(process.env);
      if (program === undefined)
        return context.skip("there is no Chromium (PAPERCLIP_K8S_BROWSER names one)");
      await using browser = await openBrowser(program);
      const run = runs[type]!;
      const { companyId, api, server } = paperclip;
      const { issuePrefix } = await api.request<{ issuePrefix: string }>({ path: `/companies/${companyId}` });
      const url = `${server.url}/${issuePrefix}/agents/${run.agentId}/runs/${run.id}`;
      const screenshot = async (name: string, page: Page) => {
        await mkdir(SCREENSHOTS, { recursive: true });
        const file = `${paperclipVersion(process.env)}-${type}-${name}.png` as const;
        // Of what is in view: for a picture of the whole page the window grows, and the host's page begins anew.
        await page.screenshot({ path: join(SCREENSHOTS, file) as `${string}.png` });
      };
      // As any user of today's Chromium sees it: the host's worker does not start, and raw lines are shown.
      const stock = await browser.open(url);
      await shownText(stock, /Transcript \(\d+\)[\s\S]*"type":/);
      await screenshot("stock", stock);

      // The page comes first, then the log, then what the worker has made of it.
      const mended = await browser.open(url, { mendWorker: true });
      const parsed = await shownText(mended, /Transcript \(\d+\)[\s\S]*executed command/i);
      await screenshot("mended", mended);
      expect(parsed).not.toContain('{"type":');
    },
  );
});
