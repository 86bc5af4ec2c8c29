import { expect, test } from "vitest";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { runAgent } from "../../src/run/run-agent.ts";
import { useStage } from "../../src/run/use-stage.ts";

describeCluster("wrong input", (cluster) => {
  const stage = useStage(cluster);
  const resultWith = async (config: Record<string, unknown>) =>
    (await runAgent({ prompt: "[script:hello]", config: { ...stage().config, ...config } })).result;

  test("a namespace that does not exist", async () => {
    const result = await resultWith({ namespace: "no-such-namespace", kubeconfig: cluster.kubeconfig });
    expect(result).toMatchObject({
      errorCode: "k8s_config_error",
      errorMessage: expect.stringMatching(/namespace no-such-namespace does not exist.*"namespace"/),
      executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
    });
  });

  test("a namespace in which the host has no rights", async () => {
    const result = await resultWith({ namespace: "default" });
    expect(result).toMatchObject({
      errorCode: "k8s_forbidden",
      errorMessage: expect.stringContaining("Role"),
    });
  });

  test("a claim that does not exist (C14)", async () => {
    const result = await resultWith({ volumeClaim: "no-such-claim" });
    expect(result).toMatchObject({
      errorCode: "k8s_volume_mount_failed",
      errorMessage: expect.stringMatching(/no-such-claim.*volumeClaim/),
    });
  });

  test("a value that cannot be read, named by its field", async () => {
    const result = await resultWith({ timeoutSec: "soon" });
    expect(result).toMatchObject({
      errorCode: "configuration_incomplete",
      errorMessage: expect.stringContaining("timeoutSec"),
    });
  });

  test("a label that is reserved (K7)", async () => {
    const result = await resultWith({ labels: "paperclip.io/agent-id=somebody" });
    expect(result).toMatchObject({
      errorCode: "configuration_incomplete",
      errorMessage: expect.stringContaining("paperclip.io/agent-id"),
    });
  });

  test("a kubeconfig that is not there", async () => {
    const result = await resultWith({ kubeconfig: "/nowhere/kubeconfig" });
    expect(result).toMatchObject({
      errorCode: "configuration_incomplete",
      errorMessage: expect.stringContaining("/nowhere/kubeconfig"),
    });
  });

  test("a folder on the host that is not the volume", async () => {
    const result = await resultWith({ volumeHostPath: "/nowhere/volume" });
    expect(result).toMatchObject({
      errorCode: "k8s_start_failed",
      errorMessage: expect.stringContaining("/nowhere/volume"),
    });
  });
});
