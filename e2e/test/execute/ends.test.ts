import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { NO_REGISTRY } from "../../src/cluster/no-registry.ts";
import { shellOn } from "../../src/run/run-shell.ts";
import { useStage } from "../../src/run/use-stage.ts";

const COUNTING = "i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo tick $i; sleep 0.2; done";

describeCluster("the ends of a run", (cluster) => {
  const stage = useStage(cluster);
  const runShell = shellOn(stage);

  test("an agent that runs out of memory ends as that, not as a mere 137 (C9)", async () => {
    const config = { resources: { limits: { memory: "40Mi" } } };
    const { result } = await runShell("echo begin; exec tail /dev/zero", { config });
    expect(result).toMatchObject({ errorCode: "k8s_oom_killed" });
    expect(result.errorMessage).toContain("resources.limits.memory");
  });

  test("an image that cannot be pulled is told with the registry's words (C12)", async () => {
    const config = { image: NO_REGISTRY, bounds: { imagePullSec: 10 } };
    const { result } = await runShell("echo never", { config });
    expect(result).toMatchObject({
      errorCode: "k8s_image_pull_failed",
      errorMessage: expect.stringContaining("connection refused"),
      executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
    });
  });

  test("a pod that no node can take is told with the scheduler's reason (C13)", async () => {
    const config = { nodeSelector: "disk=none-has-this", bounds: { schedulingSec: 5 } };
    const { result } = await runShell("echo never", { config });
    expect(result).toMatchObject({
      errorCode: "k8s_pod_schedule_failed",
      errorMessage: expect.stringContaining("node affinity/selector"),
    });
  });

  test("timeoutSec ends the agent through its grace period, and all it wrote arrives (C8, L22)", async () => {
    const saving = `trap 'echo saved; exit 0' TERM; ${COUNTING}`;
    const { result, stdout } = await runShell(saving, { config: { timeoutSec: 3 } });
    expect(result).toMatchObject({ timedOut: true, errorCode: "timeout" });
    expect(stdout).toMatch(/^tick 1\n[\s\S]*saved\n$/);
  });

  test("a Job that somebody deletes in mid-run ends as that (C2)", async () => {
    let deleted = false;
    const { result, stdout } = await runShell(COUNTING, {
      onChunk: () => {
        if (deleted) return;
        deleted = true;
        const propagationPolicy = "Background";
        void stage().namespace.clients.batch.deleteCollectionNamespacedJob({
          namespace: stage().namespace.name,
          propagationPolicy,
        });
      },
    });
    expect(result).toMatchObject({ errorCode: "k8s_job_deleted_externally" });
    expect(stdout).toMatch(/^tick 1\n/);
  });

  test("a cancel ends the agent before it returns (X1, X6)", async () => {
    const cancel = new AbortController();
    const { result, stdout, companyId, agentId } = await runShell(COUNTING, {
      signal: cancel.signal,
      onChunk: (_, chunk) => {
        if (chunk.includes("tick 5")) cancel.abort(new Error("Cancelled by a board operator"));
      },
    });
    expect(result).toMatchObject({
      errorCode: "cancelled",
      resultJson: { executionCancellation: { state: "acknowledged" }, writer: "dead" },
    });
    expect([companyId, agentId]).not.toContain(undefined);
    const lines = stdout.split("\n").length;
    await delay(2000);
    expect(stdout.split("\n").length).toBe(lines);
  });

  test("an agent that ignores SIGTERM is killed after its grace, and only then is the cancel acknowledged (X2)", async () => {
    const cancel = new AbortController();
    const before = { at: 0 };
    const { result } = await runShell(`trap '' TERM; ${COUNTING}`, {
      config: { graceSec: 3 },
      signal: cancel.signal,
      onChunk: () => {
        before.at ||= Date.now();
        cancel.abort();
      },
    });
    expect(Date.now() - before.at).toBeGreaterThan(3000);
    expect(result).toMatchObject({ errorCode: "cancelled", resultJson: { writer: "dead" } });
  });

  test("a cancel while the image is being pulled leaves nothing (X1)", async () => {
    const cancel = new AbortController();
    const { result } = await runShell("echo never", {
      config: { image: NO_REGISTRY },
      signal: cancel.signal,
      onMessage: (message) => {
        if (message.startsWith("Pulling")) cancel.abort();
      },
    });
    expect(result).toMatchObject({
      errorCode: "cancelled",
      executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
    });
  });
});
