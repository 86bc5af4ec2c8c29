// Jobs whose end needs more of the cluster than a Job: quotas and rules, claims, registries, nodes.
import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { type Case, type CaseContext, imageOf, jobOf, type SeenSoFar } from "./outcome-cases.ts";
import { startRegistry } from "./refusing-registry.ts";
import { startWebhook } from "./refusing-webhook.ts";

const finished = (seen: SeenSoFar) =>
  seen.job?.status?.conditions?.some(({ type }) => type === "Complete" || type === "Failed") === true;
const refused = (seen: SeenSoFar) => seen.events.some(({ reason }) => reason === "FailedCreate");
const agentOf = (pods: readonly V1Pod[]) =>
  pods[0]?.status?.containerStatuses?.find(({ name }) => name === "agent");
const running = (seen: SeenSoFar) => agentOf(seen.pods)?.state?.running !== undefined;
const pulling = (seen: SeenSoFar) => /ImagePull/.test(agentOf(seen.pods)?.state?.waiting?.reason ?? "");
const WAITS = "trap 'exit 143' TERM; while :; do sleep 0.2; done";

/** Every such case, with this image where it must exist. */
export function clusterCases(image: string): readonly Case[] {
  const job = (name: string, script: string, pod: object = {}): V1Job =>
    jobOf({ name, image, script, pod, spec: {} });
  return [
    {
      name: "oom-of-a-child",
      job: job("oom-of-a-child", "", {
        containers: [
          {
            ...imageOf(image, "/bin/sh -c 'tail /dev/zero'; exit 1"),
            resources: { limits: { memory: "24Mi" } },
          },
        ],
      }),
      until: finished,
    },
    {
      name: "evicted-by-storage",
      job: job("evicted-by-storage", "dd if=/dev/zero of=/work/file bs=1024 count=8192; sleep 120", {
        containers: [
          {
            ...imageOf(image, "dd if=/dev/zero of=/work/file bs=1024 count=8192; sleep 120"),
            volumeMounts: [{ name: "work", mountPath: "/work" }],
          },
        ],
        securityContext: { fsGroup: 1000 },
        volumes: [{ name: "work", emptyDir: { sizeLimit: "1Mi" } }],
      }),
      giveUpMs: 180_000,
      until: finished,
    },
    {
      name: "limit-range",
      job: job("limit-range", "", {
        containers: [{ ...imageOf(image, "true"), resources: { limits: { memory: "64Mi" } } }],
      }),
      prepare: ({ create, core }) =>
        create(`${core}/limitranges`, {
          metadata: { name: "small" },
          spec: { limits: [{ type: "Container", max: { memory: "32Mi" } }] },
        }),
      needsEvents: true,
      until: refused,
    },
    {
      name: "webhook",
      job: job("webhook", "true"),
      prepare: (context) => startWebhook({ ...context, resource: "pods", group: "" }),
      needsEvents: true,
      until: refused,
    },
    {
      name: "webhook-of-jobs",
      job: job("webhook-of-jobs", "true"),
      prepare: (context) => startWebhook({ ...context, resource: "jobs", group: "batch" }),
      until: (seen) => seen.refusal !== null,
    },
    ...volumeCases(image, job),
    ...registryCases(image),
    preempted(image),
    lost(image),
  ];
}

function volumeCases(
  image: string,
  job: (name: string, script: string, pod?: object) => V1Job,
): readonly Case[] {
  const volumeMounts = [{ name: "paperclip", mountPath: "/paperclip" }];
  const claimed = (name: string) =>
    job(name, "true", {
      containers: [{ ...imageOf(image, "true"), volumeMounts }],
      volumes: [{ name: "paperclip", persistentVolumeClaim: { claimName: "shared" } }],
    });
  const claim = ({ create, core }: CaseContext, volumeName?: string) =>
    create(`${core}/persistentvolumeclaims`, {
      metadata: { name: "shared" },
      spec: {
        accessModes: ["ReadWriteMany"],
        storageClassName: "",
        resources: { requests: { storage: "1Mi" } },
        volumeName,
      },
    });
  return [
    {
      name: "unbound-claim",
      job: claimed("unbound-claim"),
      prepare: (context) => claim(context),
      until: (seen) => seen.pods[0]?.status?.conditions?.some(({ status }) => status === "False") === true,
    },
    {
      name: "claim-not-mountable",
      job: claimed("claim-not-mountable"),
      prepare: async (context) => {
        await context.create("/api/v1/persistentvolumes", {
          metadata: { name: "js-not-mountable" },
          spec: {
            accessModes: ["ReadWriteMany"],
            capacity: { storage: "1Mi" },
            storageClassName: "",
            persistentVolumeReclaimPolicy: "Retain",
            hostPath: { path: "/no/such/folder", type: "Directory" },
          },
        });
        await claim(context, "js-not-mountable");
      },
      needsEvents: true,
      until: (seen) => seen.events.some(({ reason }) => reason === "FailedMount"),
    },
  ];
}

/** A registry on loopback, which a kubelet on this machine speaks to without TLS. */
function registryCases(image: string): readonly Case[] {
  const ends = [
    ["image-unknown", 404],
    ["image-unauthorized", 401],
    ["image-rate-limited", 429],
  ] as const;
  return ends.map(([name, status], index) => {
    const port = 5501 + index;
    return {
      name,
      job: jobOf({
        name,
        image,
        script: "",
        pod: { containers: [imageOf(`127.0.0.1:${port}/lab/agent:1`, "true")] as never },
        spec: {},
      }),
      prepare: () => startRegistry({ port, status }),
      // The first word is the registry's; the back-off that follows repeats it.
      until: pulling,
    };
  });
}

/** A resource that one pod can have, and a pod that matters more. */
function preempted(image: string): Case {
  const slot = { limits: { "example.org/slot": "1" } };
  const container = (script: string) => ({ ...imageOf(image, script), resources: slot });
  return {
    name: "preempted",
    job: jobOf({
      name: "preempted",
      image,
      script: "",
      pod: { containers: [container(WAITS)] as never },
      spec: {},
    }),
    prepare: async ({ create, transport }) => {
      await create("/apis/scheduling.k8s.io/v1/priorityclasses", {
        metadata: { name: "js-urgent" },
        value: 1000,
      });
      const nodes = await transport.json<{ items: { metadata: { name: string } }[] }>({
        method: "GET",
        path: "/api/v1/nodes",
      });
      await transport.json({
        method: "PATCH",
        path: `/api/v1/nodes/${nodes.items[0]?.metadata.name}/status`,
        contentType: "application/merge-patch+json",
        body: { status: { capacity: { "example.org/slot": "1" } } },
      });
    },
    actWhen: running,
    act: ({ transport, core }) =>
      transport.json({
        method: "POST",
        path: `${core}/pods`,
        body: {
          metadata: { name: "urgent" },
          spec: { priorityClassName: "js-urgent", restartPolicy: "Never", containers: [container("true")] },
        },
      }),
    until: finished,
  };
}

/** A node without a kubelet: nobody renews it, and the control plane takes it for lost. */
function lost(image: string): Case {
  const node = "js-lost-node";
  const pod = {
    containers: [imageOf(image, WAITS)] as never,
    nodeName: node,
    tolerations: [
      {
        key: "node.kubernetes.io/unreachable",
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 2,
      },
      { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 2 },
    ],
  };
  return {
    name: "node-lost",
    job: jobOf({ name: "node-lost", image, script: "", pod, spec: {} }),
    prepare: async ({ create, transport }) => {
      await create("/api/v1/nodes", {
        metadata: { name: node, labels: { "kubernetes.io/hostname": node } },
        spec: { unschedulable: true, taints: [{ key: "example.org/lost", effect: "NoSchedule" }] },
      });
      const now = new Date().toISOString();
      await patchStatus(transport, `/api/v1/nodes/${node}/status`, {
        capacity: { cpu: "1", memory: "1Gi", pods: "1" },
        conditions: [
          {
            type: "Ready",
            status: "True",
            reason: "KubeletReady",
            lastHeartbeatTime: now,
            lastTransitionTime: now,
          },
        ],
      });
    },
    giveUpMs: 240_000,
    actWhen: (seen) => seen.pods.length > 0,
    act: ({ transport, core, pods }) => {
      const startedAt = new Date().toISOString().replace(/\.\d+Z/, "Z");
      // What the node's kubelet had told before it went.
      return patchStatus(transport, `${core}/pods/${pods[0]?.metadata?.name}/status`, {
        phase: "Running",
        conditions: [{ type: "PodScheduled", status: "True", lastTransitionTime: startedAt }],
        containerStatuses: [
          {
            ...{ name: "agent", image, imageID: "", ready: true, started: true, restartCount: 0 },
            ...{ containerID: "containerd://1", state: { running: { startedAt } } },
          },
        ],
      });
    },
    until: (seen) =>
      seen.pods[0]?.status?.conditions?.some(({ type }) => type === "DisruptionTarget") === true,
  };
}

function patchStatus(transport: CaseContext["transport"], path: string, status: object): Promise<unknown> {
  return transport.json({
    method: "PATCH",
    path,
    contentType: "application/strategic-merge-patch+json",
    body: { status },
  });
}
