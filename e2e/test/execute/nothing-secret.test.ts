import { expect, test } from "vitest";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { runAgent } from "../../src/run/run-agent.ts";
import { useStage } from "../../src/run/use-stage.ts";

describeCluster("what the cluster shows", (cluster) => {
  const stage = useStage(cluster, { mayLeave: true });

  test("neither prompt nor key nor token is in a Job, a pod, an event or the result (K3)", async () => {
    const { clients, name } = stage().namespace;
    const namespace = { namespace: name };
    const shown: string[] = [];
    let asked: Promise<void> | undefined;
    const look = async () => {
      const lists = await Promise.all([
        clients.batch.listNamespacedJob(namespace),
        clients.core.listNamespacedPod(namespace),
        clients.core.listNamespacedEvent(namespace),
      ]);
      for (const { items } of lists) {
        expect(items.length).toBeGreaterThan(0);
        shown.push(JSON.stringify(items));
      }
    };
    const run = await runAgent({
      prompt: "[script:tools] the password is prompt-hunter2",
      config: {
        ...stage().config,
        env: { ...(stage().config["env"] as object), ANTHROPIC_API_KEY: "key-hunter2" },
      },
      onChunk: () => {
        asked ??= look();
      },
    });
    await asked;
    expect(run.result.errorCode).toBeNull();
    // The model was called with both: they have reached the agent.
    expect(JSON.stringify(stage().model.requests)).toContain("prompt-hunter2");
    expect(JSON.stringify(stage().model.requests)).toContain("key-hunter2");
    for (const text of [...shown, JSON.stringify(run.result.resultJson)]) {
      expect(text).not.toContain("hunter2");
      expect(text).not.toContain("token-of-the-run");
    }
    expect(shown).toHaveLength(3);
  });
});
