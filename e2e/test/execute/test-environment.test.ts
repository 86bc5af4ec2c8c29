import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AdapterEnvironmentCheck } from "@paperclipai/adapter-utils/types";
import { createServerAdapter } from "paperclip-adapter-claude-k8s";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { NO_REGISTRY } from "../../src/cluster/no-registry.ts";
import { requirePodReachableAddress } from "../../src/cluster/pod-reachable-address.ts";
import { useStage } from "../../src/run/use-stage.ts";

describeCluster("the test of the environment", (cluster) => {
  const stage = useStage(cluster);
  let paperclip: Server;
  let apiUrl: string;
  beforeAll(async () => {
    const host = await requirePodReachableAddress(stage().namespace.clients.core, process.env);
    paperclip = createServer((request, answer) => {
      const isHealth = request.url === "/api/health";
      answer.writeHead(isHealth ? 200 : 404).end(isHealth ? '{"status":"ok"}' : "");
    });
    await new Promise<void>((resolve) => paperclip.listen(0, host, resolve));
    apiUrl = `http://${host}:${(paperclip.address() as AddressInfo).port}`;
  });
  afterAll(() => void paperclip?.close());

  async function testWith(config: Record<string, unknown> = {}) {
    const { env, ...rest } = { env: {}, ...config };
    const own = stage().config;
    return createServerAdapter().testEnvironment({
      companyId: "company-1",
      adapterType: "claude_k8s",
      config: { ...own, env: { ...(own["env"] as object), PAPERCLIP_API_URL: apiUrl, ...env }, ...rest },
    });
  }

  /** What does not hold, by code; each must say what repairs it. */
  async function troublesWith(config: Record<string, unknown>) {
    const { checks } = await testWith(config);
    const found = checks.filter(({ level }) => level !== "info");
    for (const { hint } of found) expect(hint ?? "").toMatch(/\w{3,} \w{2,}/);
    return Object.fromEntries(found.map((check) => [check.code, check])) as Record<
      string,
      AdapterEnvironmentCheck
    >;
  }

  test("all holds on a good cluster, which a pod confirms", async () => {
    const { status, checks } = await testWith();
    expect(Object.fromEntries(checks.map(({ code, level }) => [code, level]))).toEqual({
      ...{ api_reachable: "info", permissions: "info", claim_bound: "info", claim_access: "info" },
      ...{ volume_writable: "info", credentials: "info", dry_run: "info" },
      ...{ test_pod: "info", volume_shared: "info", agent_cli: "info", api_url: "info" },
    });
    expect(status).toBe("pass");
    expect(checks.find(({ code }) => code === "agent_cli")?.detail).toMatch(
      /^\d+\.\d+\.\d+ \(Claude Code\)$/,
    );
  });

  test("H7, R9: credentials that the agent CLI will not find", async () => {
    const found = await troublesWith({ env: { ANTHROPIC_API_KEY: "" }, testPod: false });
    expect(found["credentials"]).toMatchObject({
      level: "warn",
      hint: expect.stringContaining("ANTHROPIC_API_KEY"),
    });
  });

  test("H7: a namespace without rights is told right by right", async () => {
    const found = await troublesWith({ namespace: "default" });
    expect(found["permission_jobs_create"]).toMatchObject({
      level: "error",
      hint: expect.stringContaining('{apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"]}'),
    });
    expect(found).not.toHaveProperty("test_pod");
  });

  test("H7, C14: a claim that is not there", async () => {
    const found = await troublesWith({ volumeClaim: "no-such-claim" });
    expect(found["claim_missing"]).toMatchObject({
      level: "error",
      hint: expect.stringContaining("volumeClaim"),
    });
  });

  test("H7, C14: a claim that is not ReadWriteMany, and not bound", async () => {
    const { namespace } = stage();
    await namespace.clients.core.createNamespacedPersistentVolumeClaim({
      namespace: namespace.name,
      body: {
        metadata: { name: "single" },
        spec: {
          ...{ accessModes: ["ReadWriteOnce"], storageClassName: "" },
          resources: { requests: { storage: "1Gi" } },
        },
      },
    });
    const found = await troublesWith({ volumeClaim: "single" });
    expect(found).toMatchObject({
      claim_access: { level: "error", hint: expect.stringContaining("ReadWriteMany") },
      claim_bound: { level: "warn", hint: expect.stringContaining("kubectl describe pvc single") },
    });
  });

  test("H7: a folder of the host that is not the claim's volume", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "paperclip-k8s-elsewhere-"));
    try {
      await chmod(elsewhere, 0o777);
      const found = await troublesWith({ volumeHostPath: elsewhere });
      expect(found["volume_shared"]).toMatchObject({
        level: "error",
        message: expect.stringContaining(elsewhere),
        hint: expect.stringContaining("volumeClaim"),
      });
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  test("H7, C12: an image that cannot be pulled, with the registry's words", async () => {
    const found = await troublesWith({ image: NO_REGISTRY, bounds: { imagePullSec: 10 } });
    expect(found["k8s_image_pull_failed"]).toMatchObject({
      level: "error",
      detail: expect.stringContaining("connection refused"),
      hint: expect.stringContaining("imagePullSecrets"),
    });
  });

  test("H7, C12: a pull secret that is not there, though the image is on the node", async () => {
    const found = await troublesWith({ imagePullSecrets: "regcred" });
    expect(found["image_pull_secrets"]).toMatchObject({
      level: "error",
      detail: expect.stringContaining("regcred"),
      hint: expect.stringContaining(`-n ${stage().namespace.name}`),
    });
  });

  test("H7, K8: a Secret of the config that is not there", async () => {
    const podTemplate = {
      spec: {
        containers: [
          {
            name: "agent",
            env: [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "none", key: "k" } } }],
          },
        ],
      },
    };
    const found = await troublesWith({ podTemplate: JSON.stringify(podTemplate), bounds: { startSec: 10 } });
    expect(found["k8s_config_error"]).toMatchObject({
      level: "error",
      detail: expect.stringContaining('secret "none" not found'),
    });
  });

  test("H7: an address of Paperclip that pods do not reach", async () => {
    const found = await troublesWith({ env: { PAPERCLIP_API_URL: "http://127.0.0.1:1" } });
    expect(found["api_url"]).toMatchObject({
      level: "error",
      hint: expect.stringContaining("env.PAPERCLIP_API_URL"),
    });
  });

  test("H7: an image without the agent CLI", async () => {
    const found = await troublesWith({ env: { PATH: "/usr/bin:/bin" } });
    expect(found["agent_cli"]).toMatchObject({ level: "error", message: expect.stringContaining("claude") });
  });
});
