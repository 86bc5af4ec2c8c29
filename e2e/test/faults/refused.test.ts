import { expect, test } from "vitest";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { denyByPolicy } from "../../src/faults/admission-policy.ts";
import { denyByWebhook } from "../../src/faults/admission-webhook.ts";
import { adapters } from "../../src/run/agents.ts";
import { runAgent } from "../../src/run/run-agent.ts";
import { useStage } from "../../src/run/use-stage.ts";

/** No agent has worked, and the host may try again. */
const NOT_STARTED = { executionRecovery: { kind: "bootstrap", providerWorkStarted: false } };

describeCluster("a cluster that refuses a run (C17)", (cluster) => {
  const stage = useStage(cluster);

  const run = (config: Readonly<Record<string, unknown>> = {}) =>
    runAgent({
      adapter: adapters.shell(),
      prompt: "echo never",
      config: { ...stage().config, ...config },
    });

  async function withQuota(hard: Readonly<Record<string, string>>, test: () => Promise<void>): Promise<void> {
    const { clients, name: namespace } = stage().namespace;
    const at = { namespace, name: "narrow" };
    const body = { metadata: { name: at.name }, spec: { hard: { ...hard } } };
    await clients.core.createNamespacedResourceQuota({ namespace, body });
    try {
      await test();
    } finally {
      await clients.core.deleteNamespacedResourceQuota(at);
    }
  }

  test("by a quota of Jobs", () =>
    withQuota({ "count/jobs.batch": "0" }, async () => {
      const { result } = await run();
      expect(result).toMatchObject({ errorCode: "k8s_quota_exceeded", ...NOT_STARTED });
      expect(result.errorMessage).toContain("narrow");
    }));

  test("by a quota of pods, which only the Job's events tell", () =>
    withQuota({ pods: "0" }, async () => {
      const { result } = await run();
      expect(result).toMatchObject({ errorCode: "k8s_quota_exceeded", ...NOT_STARTED });
      expect(result.errorMessage).toContain("exceeded quota: narrow");
    }));

  test("by a LimitRange", async () => {
    const { clients, name: namespace } = stage().namespace;
    const limits = [{ type: "Container", max: { memory: "32Mi" } }];
    const body = { metadata: { name: "small" }, spec: { limits } };
    await clients.core.createNamespacedLimitRange({ namespace, body });
    try {
      const { result } = await run({ resources: { limits: { memory: "64Mi" } } });
      expect(result).toMatchObject({ errorCode: "k8s_admission_denied", ...NOT_STARTED });
      expect(result.errorMessage).toContain("maximum memory usage per Container is 32Mi");
    } finally {
      await clients.core.deleteNamespacedLimitRange({ namespace, name: "small" });
    }
  });

  test("by its Pod Security level, where the config has relaxed what the level wants", async () => {
    const { result } = await run({
      podTemplate: { spec: { hostNetwork: true } },
      relaxSecurity: ["hostNetwork"],
    });
    expect(result).toMatchObject({ errorCode: "k8s_admission_denied", ...NOT_STARTED });
    expect(result.errorMessage).toContain("violates PodSecurity");
  });

  test.each(["jobs", "pods"] as const)("by an admission policy on %s", async (resource) => {
    await using _ = await denyByPolicy({
      namespace: stage().namespace,
      resource,
      message: "no agents on Sundays",
    });
    const { result } = await run();
    expect(result).toMatchObject({ errorCode: "k8s_admission_denied", ...NOT_STARTED });
    expect(result.errorMessage).toContain("no agents on Sundays");
  });

  test.each(["jobs", "pods"] as const)("by a webhook on %s", async (resource) => {
    await using _ = await denyByWebhook({ namespace: stage().namespace, resource, message: "not signed" });
    const { result } = await run();
    expect(result).toMatchObject({ errorCode: "k8s_admission_denied", ...NOT_STARTED });
    expect(result.errorMessage).toContain("not signed");
  });
});
