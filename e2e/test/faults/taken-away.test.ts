import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { SchedulingV1Api, type V1Pod } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { deleted } from "../../src/cluster/clients.ts";
import { hasPart, pausePart } from "../../src/cluster/cluster-parts.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import type { AgentRunReport } from "../../src/run/run-agent.ts";
import { shellOn } from "../../src/run/run-shell.ts";
import { startHost } from "../../src/run/start-host.ts";
import { useStage } from "../../src/run/use-stage.ts";
import { NOTHING, whatIsLeft } from "../../src/run/what-is-left.ts";
import { waitFor } from "../../src/wait-for.ts";

/** For six minutes: a node that is lost may be told so after two. */
const COUNTING = "i=0; while [ $i -lt 1800 ]; do i=$((i+1)); echo tick $i; sleep 0.2; done";
/** An agent that has its grace period. */
const SAVING = `trap 'echo saved; exit 143' TERM; ${COUNTING}`;

describeCluster("a pod that is taken away (C10)", (cluster) => {
  const stage = useStage(cluster);

  /** Runs a script, and does something once it has printed. */
  async function run(
    prompt: string,
    config: Readonly<Record<string, unknown>>,
    act: (pod: V1Pod) => Promise<unknown> = async () => {},
  ): Promise<AgentRunReport> {
    let acted: Promise<unknown> | undefined;
    const report = await shellOn(stage)(prompt, {
      config,
      onChunk: (stream) => {
        if (stream === "stdout") acted ??= onlyPod().then(act);
      },
    });
    await acted;
    return report;
  }

  /** The agent's output is faster than the kubelet's word that it runs. */
  function onlyPod(): Promise<V1Pod> {
    const { clients, name: namespace } = stage().namespace;
    const ask = async () => {
      const { items } = await clients.core.listNamespacedPod({ namespace });
      return items.find(({ status }) => status?.phase === "Running");
    };
    return waitFor(ask, { what: "the pod to run" });
  }

  test("for what it wrote to its own disk: evicted, with the kubelet's reason", async () => {
    const config = { resources: { limits: { "ephemeral-storage": "20Mi" } } };
    const { result } = await run(
      "echo begin; dd if=/dev/zero of=/tmp/large bs=1M count=60 2>/dev/null; sleep 120",
      config,
    );
    expect(result).toMatchObject({ errorCode: "k8s_evicted" });
    expect(result.errorMessage).toMatch(/ephemeral|emptyDir|storage/);
  });

  test("by a drain: disrupted, and what the agent wrote in its grace period is there", async () => {
    const { result, stdout } = await run(SAVING, {}, ({ metadata }) => {
      const name = metadata?.name ?? "";
      const namespace = stage().namespace.name;
      const body = { metadata: { name, namespace } };
      return stage().namespace.clients.core.createNamespacedPodEviction({ name, namespace, body });
    });
    expect(result).toMatchObject({ errorCode: "k8s_disrupted" });
    expect(stdout).toMatch(/tick 1\n[\s\S]*saved\n$/);
  });

  test("by a pod of higher priority: disrupted, with the scheduler's reason", async () => {
    const { clients, name: namespace } = stage().namespace;
    const scheduling = clients.config.makeApiClient(SchedulingV1Api);
    const nodes = (await clients.core.listNode()).items;
    const [node] = nodes;
    const hostname = node?.metadata?.labels?.["kubernetes.io/hostname"] ?? "";
    // More than half of the node, so that there is no room for two.
    const millis = Math.floor(Number(node?.status?.allocatable?.["cpu"] ?? "1") * 600);
    const priority = `${namespace}-high`;
    await scheduling.createPriorityClass({ body: { metadata: { name: priority }, value: 1_000_000 } });
    const rival = { namespace, name: "rival" };
    try {
      const { result, stdout } = await run(
        SAVING,
        {
          resources: { requests: { cpu: `${millis}m` } },
          nodeSelector: { "kubernetes.io/hostname": hostname },
        },
        (pod) => clients.core.createNamespacedPod({ namespace, body: rivalOf(pod, rival.name, priority) }),
      );
      expect(result).toMatchObject({ errorCode: "k8s_disrupted" });
      expect(result.errorMessage).toMatch(/preempt/i);
      expect(stdout).toMatch(/saved\n$/);
    } finally {
      await deleted(clients.core.deleteNamespacedPod({ ...rival, gracePeriodSeconds: 1 }));
      await deleted(scheduling.deletePriorityClass({ name: priority }));
    }
  });

  test("when its Job's time to live ends before a host reads it: the exit record tells how it ended (C2)", async () => {
    await using host = startHost({
      agentId: randomUUID(),
      companyId: randomUUID(),
      runId: randomUUID(),
      agent: "shell" as const,
      prompt: "for i in 1 2 3 4 5 6; do echo tick $i; sleep 0.5; done",
      config: { ...stage().config, ttlSecondsAfterFinished: 1 },
    });
    await host.until((stdout) => stdout.includes("tick 2\n"));
    host.pause();
    const { clients, name: namespace } = stage().namespace;
    const isGone = async () => (await clients.batch.listNamespacedJob({ namespace })).items.length === 0;
    await waitFor(isGone, { what: "the Job's time to live to end" });
    host.resume();
    expect(await host.result).toMatchObject({ exitCode: 0, errorCode: null });
    expect(host.stdout()).toBe("tick 1\ntick 2\ntick 3\ntick 4\ntick 5\ntick 6\n");
  });
});

describeCluster("a pod that waits for a node (C13)", (cluster) => {
  const stage = useStage(cluster, { mayLeave: true });

  test("says why, and runs once there is one", async () => {
    const { core } = stage().namespace.clients;
    const [node] = (await core.listNode()).items;
    const name = node?.metadata?.name ?? "";
    const label = `paperclip-k8s.example/${stage().namespace.name}`;
    const set = (value: string | null) =>
      core.patchNode({ name, body: [{ op: value === null ? "remove" : "add", path: pathOf(label), value }] });
    let labelled: Promise<unknown> | undefined;
    try {
      const { result, stdout, messages } = await shellOn(stage)("echo at last", {
        config: { nodeSelector: { [label]: "yes" } },
        onMessage: (message) => {
          if (message.includes("node affinity/selector")) labelled ??= set("yes");
        },
      });
      expect(messages.join("\n")).toContain("node affinity/selector");
      expect(result).toMatchObject({ exitCode: 0, errorCode: null, errorMessage: null });
      expect(stdout).toBe("at last\n");
    } finally {
      await labelled;
      if (labelled) await set(null);
    }
    expect(await whatIsLeft(stage().namespace)).toEqual(NOTHING);
  });
});

describeCluster("a node that is lost (C10, X3)", (cluster) => {
  const stage = useStage(cluster, { mayLeave: true });

  test.skipIf(!hasPart(cluster, "kubelet-2"))(
    "is told as such and not confirmed: nothing is deleted by force, and the files stay",
    async () => {
      const { clients, name: namespace, volumeFolder } = stage().namespace;
      const lost: { part?: ReturnType<typeof pausePart> } = {};
      try {
        const { result, stdout } = await shellOn(stage)(COUNTING, {
          config: { bounds: { cleanupSec: 20 }, nodeSelector: { "kubernetes.io/hostname": "node-2" } },
          onChunk: (_, chunk) => {
            if (chunk.includes("tick 5\n")) lost.part ??= pausePart(cluster, "kubelet-2");
          },
        });
        expect(result).toMatchObject({ errorCode: "k8s_node_lost", resultJson: { writer: "not_confirmed" } });
        expect(stdout).toContain("tick 5\n");
        const files = await readdir(volumeFolder, { recursive: true });
        expect(files.filter((file) => file.endsWith(".pod.ndjson"))).toHaveLength(1);
        const { items } = await clients.core.listNamespacedPod({ namespace });
        expect(items.map(({ metadata }) => metadata?.deletionGracePeriodSeconds)).not.toContain(0);
        expect(items).toHaveLength(1);
      } finally {
        await lost.part?.[Symbol.asyncDispose]();
      }
    },
  );
});

/** The path of a node's label in a JSON patch. */
function pathOf(label: string): string {
  return `/metadata/labels/${label.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** A pod that wants as much of the same node, and before others. */
function rivalOf(pod: V1Pod, name: string, priorityClassName: string): V1Pod {
  const [container] = pod.spec?.containers ?? [];
  return {
    metadata: { name },
    spec: {
      restartPolicy: "Never",
      priorityClassName,
      automountServiceAccountToken: false,
      ...(pod.spec?.nodeSelector && { nodeSelector: pod.spec.nodeSelector }),
      ...(pod.spec?.securityContext && { securityContext: pod.spec.securityContext }),
      containers: [
        {
          name: "rival",
          image: container?.image ?? "",
          imagePullPolicy: "IfNotPresent",
          command: ["sleep", "60"],
          ...(container?.securityContext && { securityContext: container.securityContext }),
          ...(container?.resources && { resources: container.resources }),
        },
      ],
    },
  };
}
