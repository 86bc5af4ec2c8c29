import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { startHost } from "../../src/run/start-host.ts";
import { useStage } from "../../src/run/use-stage.ts";

const COUNTING = "i=0; while [ $i -lt 600 ]; do i=$((i+1)); echo tick $i; sleep 0.2; done";
const ticks = (stdout: string) => stdout.split("\n").filter((line) => line.startsWith("tick"));
const counted = (count: number) => Array.from({ length: count }, (_, i) => `tick ${i + 1}`);

describeCluster("a host that is killed", (cluster) => {
  const stage = useStage(cluster);

  const jobs = async () =>
    (await stage().namespace.clients.batch.listNamespacedJob({ namespace: stage().namespace.name })).items;

  test("leaves its Job alive; the next host re-attaches, delivers from the first byte, and its cancel ends the agent (L20, G5, G9)", async () => {
    const ids = { agentId: randomUUID(), companyId: randomUUID() };
    const request = {
      ...ids,
      agent: "shell" as const,
      prompt: COUNTING,
      config: { ...stage().config, graceSec: 5 },
    };
    await using first = startHost({ ...request, runId: randomUUID() });
    await first.until((stdout) => stdout.includes("tick 5\n"));
    await first.kill();
    const [orphan] = await jobs();
    expect(orphan?.status).toMatchObject({ active: 1 });

    await using second = startHost({ ...request, runId: randomUUID(), cancelAfterMs: 8000 });
    const result = await second.result;
    expect(second.messages.join("\n")).toContain(`Following Job ${orphan?.metadata?.name}`);
    expect(result).toMatchObject({ errorCode: "cancelled", resultJson: { writer: "dead" } });
    const seen = ticks(second.stdout());
    expect(seen.length).toBeGreaterThan(10);
    expect(seen).toEqual(counted(seen.length));
    // What is still there goes with its pod, which has a moment to let its log drain.
    expect((await jobs()).filter(({ metadata }) => !metadata?.deletionTimestamp)).toEqual([]);
  });

  test("before its end loses nothing: the next host delivers the whole of it, and its prompt is not run twice (L20)", async () => {
    const ids = { agentId: randomUUID(), companyId: randomUUID() };
    const prompt =
      "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo tick $i; sleep 0.5; done; echo once >>proof; wc -l <proof";
    const request = { ...ids, agent: "shell" as const, prompt, config: stage().config };
    await using first = startHost({ ...request, runId: randomUUID() });
    await first.until((stdout) => stdout.includes("tick 2\n"));
    await first.kill();
    await using second = startHost({ ...request, runId: randomUUID() });
    const result = await second.result;
    expect(result).toMatchObject({ exitCode: 0, errorCode: null });
    expect(second.stdout()).toBe(`${counted(12).join("\n")}\n1\n`);
  });

  test("leaves an orphan whose work another prompt does not lose: first the orphan's end, then the run's own", async () => {
    const ids = { agentId: randomUUID(), companyId: randomUUID() };
    const request = { ...ids, agent: "shell" as const, config: stage().config };
    await using first = startHost({ ...request, runId: randomUUID(), prompt: "echo a; sleep 6; echo b" });
    await first.until((stdout) => stdout.includes("a\n"));
    await first.kill();
    await using second = startHost({ ...request, runId: randomUUID(), prompt: "echo c" });
    expect(await second.result).toMatchObject({ exitCode: 0, errorCode: null });
    expect(second.stdout()).toBe("a\nb\nc\n");
  });

  test("of a run of another task blocks the next one, and is not killed (G6)", async () => {
    const ids = { agentId: randomUUID(), companyId: randomUUID() };
    const request = {
      ...ids,
      agent: "shell" as const,
      prompt: COUNTING,
      config: { ...stage().config, busyWaitSec: 3, graceSec: 2 },
    };
    await using first = startHost({ ...request, runId: randomUUID(), context: { taskId: "one" } });
    await first.until((stdout) => stdout.includes("tick 2\n"));
    await first.kill();
    await using second = startHost({ ...request, runId: randomUUID(), context: { taskId: "two" } });
    const [orphan] = await jobs();
    expect(await second.result).toMatchObject({
      errorCode: "k8s_concurrent_run_blocked",
      errorMessage: expect.stringContaining(orphan?.metadata?.name ?? "?"),
      executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
    });
    expect((await jobs()).map(({ status }) => status?.active)).toEqual([1]);
    // The orphan's own task takes it up again.
    await using third = startHost({
      ...request,
      runId: randomUUID(),
      context: { taskId: "one" },
      cancelAfterMs: 4000,
    });
    expect(await third.result).toMatchObject({ errorCode: "cancelled" });
  });
});
