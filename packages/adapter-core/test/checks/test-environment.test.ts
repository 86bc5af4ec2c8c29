import { readdir } from "node:fs/promises";
import type { AdapterEnvironmentTestResult } from "@paperclipai/adapter-utils/types";
import { afterEach, expect, it } from "vitest";
import { REQUIRED_RIGHTS } from "../../src/checks/check-permissions.ts";
import { testEnvironment } from "../../src/checks/test-environment.ts";
import { defineAgentAdapter } from "../../src/index.ts";
import { fakeHost } from "../support/host.ts";
import { shell } from "../support/shell-agent.ts";
import { CLAIM, NAMESPACE, openStage, type Stage } from "../support/stage.ts";

let stage: Stage | null = null;
afterEach(async () => {
  await stage?.[Symbol.asyncDispose]();
  stage = null;
});

async function open(options: Parameters<typeof openStage>[0] = {}): Promise<Stage> {
  stage = await openStage(options);
  return stage;
}

function test(on: Stage, config: Record<string, unknown> = {}): Promise<AdapterEnvironmentTestResult> {
  return defineAgentAdapter(shell).testEnvironment({
    ...{ companyId: "company-1", adapterType: "shell_k8s" },
    config: { ...on.config, testPod: false, ...config },
  });
}

/** All that does not hold, by code; each must say what to do. */
function troubles({ checks }: AdapterEnvironmentTestResult): Record<string, string> {
  const found = checks.filter(({ level }) => level !== "info");
  for (const { hint, message } of found) {
    expect(hint ?? "").toMatch(/\w{3,}/);
    expect(message).toMatch(/[.a-z:]/i);
  }
  return Object.fromEntries(found.map(({ code, level }) => [code, level]));
}

it("all checks pass on a cluster where a run would, and make nothing there", async () => {
  const on = await open();
  const before = on.sandbox.requests.length;
  const result = await test(on);
  expect(result).toMatchObject({ adapterType: "shell_k8s", status: "pass" });
  expect(result.checks.map(({ code }) => code)).toEqual([
    ...["api_reachable", "permissions", "claim_bound", "claim_access", "volume_writable", "dry_run"],
  ]);
  expect(Date.parse(result.testedAt)).toBeGreaterThan(0);
  const left = await on.left();
  expect(left).toEqual({ jobs: [], secrets: [], pods: [], files: [] });
  expect(await readdir(on.volume)).toEqual([]);
  const watched = on.sandbox.requests.slice(before).filter(({ verb }) => verb === "watch");
  expect(watched).toEqual([]);
});

it("H7: a host without rights is told each that it lacks, with the rule that gives it", async () => {
  const on = await open({
    permissions: { deny: REQUIRED_RIGHTS.map(({ verb, resource }) => ({ verb, resource })) },
  });
  const result = await test(on);
  expect(result.status).toBe("fail");
  const found = troubles(result);
  for (const { verb, resource, neededTo } of REQUIRED_RIGHTS)
    expect(found[`permission_${resource}_${verb}`]).toBe(neededTo === null ? "warn" : "error");
  const create = result.checks.find(({ code }) => code === "permission_jobs_create");
  expect(create?.hint).toContain(`{apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"]}`);
  expect(create?.message).toContain("start a run");
  expect(found).toMatchObject({ claim: "warn", dry_run: "error" });
});

it("H7: rights that only make messages poorer are a warning", async () => {
  const on = await open({ permissions: { deny: [{ verb: "list", resource: "events" }] } });
  const result = await test(on);
  expect(result.status).toBe("warn");
  expect(troubles(result)).toEqual({ permission_events_list: "warn" });
});

it("H7: a claim that is not there is named", async () => {
  const result = await test(await open(), { volumeClaim: "no-such-claim" });
  expect(result.status).toBe("fail");
  expect(troubles(result)).toEqual({ claim_missing: "error" });
  expect(result.checks.find(({ code }) => code === "claim_missing")?.message).toContain("no-such-claim");
});

it("H7, C14: a claim that only one node may mount is named, with the access mode that it needs", async () => {
  const on = await open({ claims: [{ namespace: NAMESPACE, name: CLAIM, accessModes: ["ReadWriteOnce"] }] });
  const result = await test(on);
  expect(troubles(result)).toEqual({ claim_access: "error" });
  expect(result.checks.find(({ code }) => code === "claim_access")?.hint).toContain("ReadWriteMany");
});

it("H7, C14: a claim that is not bound is a warning: it may wait for its first pod", async () => {
  const on = await open({ provisionClaims: false });
  const body = {
    ...{ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "waiting" } },
    spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
  };
  const path = `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims`;
  await on.transport.json({ method: "POST", path, body });
  expect(troubles(await test(on, { volumeClaim: "waiting" }))).toEqual({ claim_bound: "warn" });
});

it("H7: a volume that the host does not see is named", async () => {
  const result = await test(await open(), {
    volumeHostPath: "/no/such/volume",
    volumeMountPath: "/paperclip",
  });
  expect(troubles(result)).toMatchObject({ volume_writable: "error" });
});

it("H7: a cluster that does not answer is one check, and the others are not made", async () => {
  const on = await open();
  await on.sandbox.close();
  const result = await test(on);
  expect(result.status).toBe("fail");
  expect(result.checks).toHaveLength(1);
  expect(troubles(result)).toEqual({ api_reachable: "error" });
});

it("H7: a kubeconfig that cannot be read is said by its path", async () => {
  const result = await test(await open(), { kubeconfig: "/no/such/kubeconfig" });
  expect(troubles(result)).toEqual({ api_reachable: "error" });
  expect(result.checks[0]?.detail).toContain("/no/such/kubeconfig");
});

it("H7: what neither config nor self pod says is named", async () => {
  const result = await test(await open(), { image: "", volumeClaim: "" });
  expect(
    result.checks.filter(({ level }) => level === "error").map(({ message }) => message.split(" ")[0]),
  ).toEqual([...["image", "volumeClaim"]]);
  expect(troubles(result)).toEqual({ placement: "error" });
});

it("each field of the config that cannot be used is a check of its own", async () => {
  const result = await test(await open(), { timeoutSec: "soon", graceSec: -1 });
  expect(result.status).toBe("fail");
  expect(result.checks.map(({ message }) => message.split(" ")[0])).toEqual(["timeoutSec", "graceSec"]);
  expect(troubles(result)).toEqual({ config: "error" });
});

it("a namespace that is not there is named by the dry run", async () => {
  const result = await test(await open(), { namespace: "nowhere" });
  const dryRun = result.checks.find(({ code }) => code === "dry_run");
  expect(dryRun).toMatchObject({
    level: "error",
    hint: expect.stringContaining("Create the namespace nowhere"),
  });
});

it("instructions that cannot be read are told here too", async () => {
  const result = await test(await open(), { instructionsFilePath: "/no/such/AGENTS.md" });
  expect(troubles(result)).toEqual({ dry_run: "error" });
  expect(JSON.stringify(result)).toContain("/no/such/AGENTS.md");
});

it("H7: credentials that the server does not take are told as that, not as a server that is away", async () => {
  const on = await open();
  on.sandbox.rotateToken();
  const result = await test(on);
  expect(troubles(result)).toEqual({ api_credentials: "error" });
  expect(result.checks[0]?.hint).toContain("Renew the token");
});

it("H7: a host that may not read its own pod is told so, with the rights that it lacks, until it has them", async () => {
  const on = await open();
  const host = fakeHost({ environment: { POD_NAME: "paperclip-0", POD_NAMESPACE: NAMESPACE } });
  const asked = () =>
    testEnvironment(shell, host, {
      ...{ companyId: "company-1", adapterType: "shell_k8s" },
      config: { kubeconfig: on.kubeconfig, testPod: false },
    });
  const denied = on.sandbox.faults.inject({
    match: { verb: "get", resource: "pods" },
    fault: { kind: "status", code: 403, reason: "Forbidden", message: "no such right" },
  });
  const before = await asked();
  expect(before.checks.map(({ code }) => code)).toEqual([
    ...["api_reachable", "permissions", "placement", "placement"],
  ]);
  expect(before.checks.find(({ code }) => code === "placement")?.message).toContain("no such right");
  denied.remove();
  const after = await asked();
  expect(JSON.stringify(after)).not.toContain("no such right");
});
