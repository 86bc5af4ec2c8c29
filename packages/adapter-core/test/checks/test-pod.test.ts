import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AdapterEnvironmentTestResult } from "@paperclipai/adapter-utils/types";
import { afterEach, expect, it } from "vitest";
import { type AgentDefinition, defineAgentAdapter } from "../../src/index.ts";
import { shell } from "../support/shell-agent.ts";
import { NAMESPACE, openFolder, openStage, type Stage } from "../support/stage.ts";
import { serve } from "../support/status-server.ts";

const IMAGE = "example/agent:1";

let open: AsyncDisposableStack | null = null;
afterEach(async () => {
  await open?.disposeAsync();
  open = null;
});

interface Scene {
  readonly stage: Stage;
  readonly apiUrl: string;
  test(config?: Record<string, unknown>): Promise<AdapterEnvironmentTestResult>;
}

/** A cluster whose image has the agent CLI `agent-cli`, and a Paperclip that answers its pods with `status`. */
async function openScene(
  options: Parameters<typeof openStage>[0] & { readonly cli?: string; readonly status?: number } = {},
): Promise<Scene> {
  const { cli = "echo '1.2.3 (agent-cli)'", status = 200, ...rest } = options;
  open = new AsyncDisposableStack();
  const programs = await openFolder();
  open.defer(() => rm(programs, { recursive: true, force: true }));
  await writeFile(join(programs, "agent-cli"), `#!/bin/sh\n${cli}\n`, { mode: 0o755 });
  const stage = open.use(await openStage({ path: [programs], ...rest }));
  const { url: apiUrl, ...server } = await serve((request, answer) => {
    answer.writeHead(request.url === "/api/health" ? status : 404).end("{}");
  });
  open.use(server as AsyncDisposable);
  const definition: AgentDefinition<Record<never, never>> = {
    ...shell,
    commandLine: () => ["agent-cli", "run"],
  };
  return {
    stage,
    apiUrl,
    test: ({ env, ...config } = {}) =>
      defineAgentAdapter(definition).testEnvironment({
        ...{ companyId: "company-1", adapterType: "shell_k8s" },
        config: { ...stage.config, env: { PAPERCLIP_API_URL: `${apiUrl}/`, ...(env as object) }, ...config },
      }),
  };
}

/** Level, detail and hint of a check; fails where there is none. */
function check({ checks }: AdapterEnvironmentTestResult, code: string) {
  const found = checks.find((one) => one.code === code);
  expect(found, `${code} among ${checks.map((one) => one.code).join()}`).toBeDefined();
  return found!;
}

it("a pod tells that it runs, shares the volume, has the agent CLI and reaches Paperclip; nothing is left", async () => {
  const { stage, test, apiUrl } = await openScene();
  const result = await test();
  expect(result.status).toBe("pass");
  expect(result.checks.slice(-4).map(({ code }) => code)).toEqual([
    ...["test_pod", "volume_shared", "agent_cli", "api_url"],
  ]);
  expect(check(result, "test_pod").message).toContain("node sandbox");
  expect(check(result, "agent_cli")).toMatchObject({ detail: "1.2.3 (agent-cli)" });
  expect(check(result, "api_url").message).toContain(apiUrl);
  await stage.nothingLeft();
  const folders = await readdir(stage.volume, { recursive: true, withFileTypes: true });
  // What all runs share may stay, with the host's sign of life; of the test's own agent there is nothing.
  const ids = folders.filter(({ name }) => /[0-9a-f]{8}-[0-9a-f]{4}/.test(name));
  expect(ids.filter(({ parentPath }) => !parentPath.endsWith("/hosts"))).toEqual([]);
});

it("testPod: false asks without a pod", async () => {
  const { stage, test } = await openScene();
  const before = stage.sandbox.requests.length;
  const result = await test({ testPod: "false" });
  expect(result.checks.map(({ code }) => code)).not.toContain("test_pod");
  const made = stage.sandbox.requests.slice(before).filter(({ verb }) => verb === "watch");
  expect(made).toEqual([]);
});

it("H7: an image that no registry has is told with the registry's words", async () => {
  const { test, stage } = await openScene({ images: { missing: [IMAGE] } });
  const result = await test({ bounds: { imagePullSec: 5 } });
  expect(check(result, "k8s_image_pull_failed")).toMatchObject({
    level: "error",
    detail: expect.stringContaining("not found"),
    hint: expect.stringContaining("image"),
  });
  await stage.nothingLeft();
});

it("H7: a pull secret that is not there is told, though the image is on the node already", async () => {
  const { test, stage } = await openScene();
  const result = await test({ imagePullSecrets: ["regcred"] });
  const found = check(result, "image_pull_secrets");
  expect(found).toMatchObject({ level: "error", detail: expect.stringContaining("regcred") });
  expect(found.hint).toContain(`-n ${NAMESPACE}`);
  const body = {
    ...{ apiVersion: "v1", kind: "Secret", metadata: { name: "regcred" } },
    ...{ type: "kubernetes.io/dockerconfigjson", stringData: { ".dockerconfigjson": '{"auths":{}}' } },
  };
  await stage.transport.json({ method: "POST", path: `/api/v1/namespaces/${NAMESPACE}/secrets`, body });
  expect(check(await test({ imagePullSecrets: ["regcred"] }), "image_pull_secrets").level).toBe("info");
});

it("H7: a claim that is another volume than the host's is told by what the pod does not find", async () => {
  const { stage, test } = await openScene();
  const elsewhere = join(stage.root, "elsewhere");
  await mkdir(elsewhere, { mode: 0o777 });
  const result = await test({ volumeHostPath: elsewhere });
  const found = check(result, "volume_shared");
  expect(found).toMatchObject({ level: "error", hint: expect.stringContaining("volumeClaim") });
  expect(found.message).toContain(elsewhere);
});

it("H7: an image without the agent CLI is told, and one whose CLI does not start", async () => {
  const { test } = await openScene({ cli: "echo 'libz.so.1: cannot open' >&2; exit 127" });
  const broken = check(await test(), "agent_cli");
  expect(broken).toMatchObject({ level: "error", detail: "libz.so.1: cannot open" });
  await open?.disposeAsync();
  const other = await openScene({ path: [] });
  const missing = check(await other.test(), "agent_cli");
  expect(missing).toMatchObject({ level: "error", message: expect.stringContaining("no agent-cli") });
});

it("H7: a Paperclip that pods do not reach is told with the variable that says where it is", async () => {
  const { test } = await openScene();
  const result = await test({ env: { PAPERCLIP_API_URL: "http://127.0.0.1:9" } });
  const found = check(result, "api_url");
  expect(found).toMatchObject({ level: "error", hint: expect.stringContaining("env.PAPERCLIP_API_URL") });
  expect(found.detail).not.toBe("");
});

it("H7: a Paperclip that refuses the address is told with the variable that allows it", async () => {
  const { test } = await openScene({ status: 403 });
  expect(check(await test(), "api_url").hint).toContain("PAPERCLIP_ALLOWED_HOSTNAMES");
});

it("H7: what answers there and is no Paperclip is told by its status", async () => {
  const { test } = await openScene({ status: 502 });
  expect(check(await test(), "api_url").detail).toContain("502");
});

it("a pod is not run where something is wrong already", async () => {
  const { test, stage } = await openScene();
  const before = stage.sandbox.requests.length;
  const result = await test({ instructionsFilePath: "/no/such/file" });
  expect(result.status).toBe("fail");
  const creates = stage.sandbox.requests.slice(before).filter(({ verb }) => verb === "create");
  expect(creates.map(({ resource }) => resource)).not.toContain("jobs");
});
