// The Jobs that are recorded, and the moment at which each is looked at.
import type { CoreV1Event, V1Job, V1Pod, V1PodSpec } from "@kubernetes/client-node";
import type { KubeApi, KubeTransport } from "../src/index.ts";

export interface SeenSoFar {
  readonly job: V1Job | null;
  readonly jobRemoved: boolean;
  readonly pods: readonly V1Pod[];
  readonly podsRemoved: boolean;
  readonly events: readonly CoreV1Event[];
  /** What the API server said where it did not take the Job. */
  readonly refusal: {
    readonly code: string;
    readonly status: number | null;
    readonly message: string;
  } | null;
}

/** Undoes what a case has prepared outside its namespace. */
export type CaseCleanUp = () => Promise<void>;

/** What a case may use of the cluster. */
export interface CaseContext {
  readonly transport: KubeTransport;
  readonly namespace: string;
  /** The path of the namespace's core resources. */
  readonly core: string;
  /** Creates an object; it is removed at the end. */
  readonly create: (collection: string, body: object) => Promise<void>;
}

/** One fixture to record. */
export interface Case {
  readonly name: string;
  readonly job: V1Job;
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  readonly quota?: Readonly<Record<string, string>>;
  /** What must be there before the Job; a function that it gives undoes what lies outside the namespace. */
  readonly prepare?: (context: CaseContext) => Promise<unknown>;
  /** How long its end may take, in ms. Default 60,000. */
  readonly giveUpMs?: number;
  readonly needsEvents?: boolean;
  /** What somebody does to it, and when. */
  readonly actWhen?: (seen: SeenSoFar) => boolean;
  readonly act?: (with_: {
    api: KubeApi;
    transport: KubeTransport;
    core: string;
    pods: readonly V1Pod[];
  }) => Promise<unknown>;
  readonly until: (seen: SeenSoFar) => boolean;
}

export const SECURE = {
  runAsNonRoot: true,
  runAsUser: 1000,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** Every case, with this image where it must exist. */
export function cases(image: string): readonly Case[] {
  const job = (
    name: string,
    script: string,
    pod: Partial<V1PodSpec> = {},
    spec: Partial<V1Job["spec"]> = {},
  ) => jobOf({ name, image, script, pod, spec });
  const finished = (seen: SeenSoFar) =>
    seen.job?.status?.conditions?.some(({ type }) => type === "Complete" || type === "Failed") === true;
  const running = (seen: SeenSoFar) => stateOf(seen)?.running !== undefined;
  const waitingFor = (reason: RegExp) => (seen: SeenSoFar) =>
    reason.test(stateOf(seen)?.waiting?.reason ?? "");
  const container = (extra: object) => ({
    containers: [
      { name: "agent", image, command: ["/bin/sh", "-c", "true"], securityContext: SECURE, ...extra },
    ],
  });

  return [
    { name: "succeeded", job: job("succeeded", "true"), until: finished },
    { name: "exit-3", job: job("exit-3", "exit 3"), until: finished },
    {
      name: "oom",
      job: job(
        "oom",
        "",
        container({
          command: ["/bin/sh", "-c", "tail /dev/zero"],
          resources: { limits: { memory: "24Mi" } },
        }),
      ),
      until: finished,
    },
    {
      name: "image-not-found",
      job: job("image-not-found", "", container({ image: "lab/no-such-image:429" })),
      until: waitingFor(/ImagePull/),
    },
    {
      name: "image-invalid-name",
      job: job("image-invalid-name", "", container({ image: "Not A Name" })),
      until: waitingFor(/InvalidImageName/),
    },
    {
      name: "unschedulable",
      job: job("unschedulable", "true", { nodeSelector: { "example.org/no-such": "node" } }),
      until: (seen) => isUnscheduled(seen),
    },
    {
      name: "missing-claim",
      job: job("missing-claim", "true", {
        volumes: [{ name: "paperclip", persistentVolumeClaim: { claimName: "no-such-claim" } }],
      }),
      until: (seen) => isUnscheduled(seen),
    },
    {
      name: "missing-secret",
      job: job(
        "missing-secret",
        "",
        container({
          env: [{ name: "KEY", valueFrom: { secretKeyRef: { name: "no-such-secret", key: "key" } } }],
        }),
      ),
      until: waitingFor(/CreateContainerConfigError/),
    },
    {
      name: "mount-failed",
      job: job("mount-failed", "", {
        ...container({ volumeMounts: [{ name: "run", mountPath: "/run/paperclip" }] }),
        volumes: [{ name: "run", secret: { secretName: "no-such-secret" } }],
      }),
      needsEvents: true,
      until: (seen) => seen.events.some(({ reason }) => reason === "FailedMount"),
    },
    {
      name: "quota",
      job: job("quota", "true"),
      quota: { pods: "0" },
      needsEvents: true,
      until: (seen) => seen.events.some(({ reason }) => reason === "FailedCreate"),
    },
    {
      name: "pod-security",
      job: job("pod-security", "", container({ securityContext: { privileged: true } })),
      namespaceLabels: { "pod-security.kubernetes.io/enforce": "restricted" },
      needsEvents: true,
      until: (seen) => seen.events.some(({ reason }) => reason === "FailedCreate"),
    },
    {
      name: "init-failed",
      job: job("init-failed", "true", {
        initContainers: [
          { name: "prepare", image, command: ["/bin/sh", "-c", "exit 7"], securityContext: SECURE },
        ],
      }),
      until: finished,
    },
    {
      name: "start-error",
      job: job("start-error", "", container({ command: ["/no/such/program"] })),
      until: finished,
    },
    { name: "deadline", job: job("deadline", "sleep 60", {}, { activeDeadlineSeconds: 3 }), until: finished },
    { name: "running", job: job("running", "sleep 60"), until: running },
    {
      name: "deleted-while-running",
      job: job("deleted-while-running", TRAPPED),
      actWhen: running,
      act: ({ api }) =>
        api.deleteJob("deleted-while-running", { propagation: "Foreground", preconditions: {} }),
      until: (seen) => seen.jobRemoved,
    },
    {
      name: "deleted-while-pulling",
      job: job("deleted-while-pulling", "", container({ image: "lab/no-such-image:429" })),
      actWhen: waitingFor(/ImagePull/),
      act: ({ api }) =>
        api.deleteJob("deleted-while-pulling", { propagation: "Foreground", preconditions: {} }),
      until: (seen) => seen.jobRemoved,
    },
    {
      name: "force-deleted-pod",
      job: job("force-deleted-pod", TRAPPED),
      actWhen: running,
      act: ({ transport, core, pods }) =>
        transport.json({
          method: "DELETE",
          path: `${core}/pods/${pods[0]?.metadata?.name}`,
          body: { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0 },
        }),
      until: (seen) => seen.podsRemoved && finished(seen),
    },
    {
      name: "evicted-by-api",
      job: job("evicted-by-api", TRAPPED),
      actWhen: running,
      act: ({ transport, core, pods }) => {
        const name = pods[0]?.metadata?.name;
        const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name } };
        return transport.json({ method: "POST", path: `${core}/pods/${name}/eviction`, body });
      },
      until: finished,
    },
  ];
}

/** Ends with 143 a moment after SIGTERM, as an agent that saves its session does. */
const TRAPPED = "trap 'sleep 1; exit 143' TERM; while :; do sleep 0.2; done";

/** The agent's container with this script. */
export function imageOf(image: string, script: string) {
  return { name: "agent", image, command: ["/bin/sh", "-c", script], securityContext: SECURE };
}

export function jobOf(options: {
  name: string;
  image: string;
  script: string;
  pod: Partial<V1PodSpec>;
  spec: Partial<V1Job["spec"]>;
}): V1Job {
  const { name, image, script, pod, spec } = options;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: {
      backoffLimit: 0,
      podReplacementPolicy: "Failed",
      ...spec,
      template: {
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 5,
          automountServiceAccountToken: false,
          containers: [imageOf(image, script)],
          ...pod,
        },
      },
    },
  } as V1Job;
}

function stateOf(seen: SeenSoFar) {
  return seen.pods[0]?.status?.containerStatuses?.find(({ name }) => name === "agent")?.state;
}

function isUnscheduled(seen: SeenSoFar): boolean {
  return (
    seen.pods[0]?.status?.conditions?.some(
      ({ type, status }) => type === "PodScheduled" && status === "False",
    ) === true
  );
}
