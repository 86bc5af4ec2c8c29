// What kubectl shows of each kind; names and values are those of Kubernetes 1.34.
import type {
  ConfigMap,
  Event,
  Job,
  KubeObject,
  Namespace,
  Node,
  PersistentVolumeClaim,
  Pod,
  ResourceName,
  Secret,
} from "../../resources/objects.ts";
import { humanDuration } from "./human-duration.ts";
import { podReady, podStatus } from "./pod-columns.ts";

/** One column: its name, what it shows, and whether only `-o wide` shows it. */
export type Column<T> = readonly [
  name: string,
  value: (object: T, now: number) => string | number,
  wide?: "wide",
];

const none = "<none>";
const since = (text: string | null | undefined, now: number): string =>
  text ? humanDuration(now - Date.parse(text)) : "<unknown>";

const name: Column<KubeObject> = ["Name", ({ metadata }) => metadata.name];
const age: Column<KubeObject> = ["Age", ({ metadata }, now) => since(metadata.creationTimestamp, now)];

function jobStatus(job: Job): string {
  const holds = (type: string) =>
    job.status.conditions?.some((one) => one.type === type && one.status === "True");
  if (holds("Complete")) return "Complete";
  if (holds("Failed")) return "Failed";
  if (job.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (holds("Suspended")) return "Suspended";
  if (holds("FailureTarget")) return "FailureTarget";
  return holds("SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running";
}

function jobDuration({ status }: Job, now: number): string {
  if (status.startTime === undefined) return "";
  const end = status.completionTime === undefined ? now : Date.parse(status.completionTime);
  return humanDuration(end - Date.parse(status.startTime));
}

const shortModes: Record<string, string> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

function nodeStatus({ spec, status }: Node): string {
  const ready = status.conditions.find((one) => one.type === "Ready")?.status === "True";
  return `${ready ? "Ready" : "NotReady"}${spec.unschedulable === true ? ",SchedulingDisabled" : ""}`;
}

const count = (...maps: (object | undefined)[]): number =>
  maps.reduce((sum, map) => sum + Object.keys(map ?? {}).length, 0);

const columns: { readonly [R in ResourceName]: readonly Column<never>[] } = {
  pods: [
    name,
    ["Ready", podReady],
    ["Status", podStatus],
    ["Restarts", () => "0"],
    age,
    ["IP", ({ status }: Pod) => status.podIP ?? none, "wide"],
    ["Node", ({ spec }: Pod) => spec.nodeName ?? none, "wide"],
    ["Nominated Node", () => none, "wide"],
    ["Readiness Gates", () => none, "wide"],
  ],
  jobs: [
    name,
    ["Status", jobStatus],
    ["Completions", ({ spec, status }: Job) => `${status.succeeded ?? 0}/${spec.completions ?? 1}`],
    ["Duration", jobDuration],
    age,
    ["Containers", ({ spec }: Job) => spec.template.spec.containers.map((one) => one.name).join(), "wide"],
    ["Images", ({ spec }: Job) => spec.template.spec.containers.map((one) => one.image).join(), "wide"],
    [
      "Selector",
      ({ spec }: Job) =>
        Object.entries(spec.selector?.matchLabels ?? {})
          .map((pair) => pair.join("="))
          .join() || none,
      "wide",
    ],
  ],
  secrets: [
    name,
    ["Type", ({ type = "" }: Secret) => type],
    ["Data", ({ data }: Secret) => count(data)],
    age,
  ],
  configmaps: [name, ["Data", ({ data, binaryData }: ConfigMap) => count(data, binaryData)], age],
  persistentvolumeclaims: [
    name,
    [
      "Status",
      ({ metadata, status }: PersistentVolumeClaim) =>
        metadata.deletionTimestamp === undefined ? status.phase : "Terminating",
    ],
    ["Volume", ({ spec }: PersistentVolumeClaim) => spec.volumeName ?? ""],
    [
      "Capacity",
      ({ spec, status }: PersistentVolumeClaim) =>
        spec.volumeName === undefined ? "" : (status.capacity?.["storage"] ?? ""),
    ],
    [
      "Access Modes",
      ({ spec, status }: PersistentVolumeClaim) =>
        spec.volumeName === undefined
          ? ""
          : (status.accessModes ?? []).map((mode) => shortModes[mode]).join(),
    ],
    ["StorageClass", ({ spec }: PersistentVolumeClaim) => spec.storageClassName ?? ""],
    ["VolumeAttributesClass", () => "<unset>"],
    age,
    ["VolumeMode", ({ spec }: PersistentVolumeClaim) => spec.volumeMode ?? "<unset>", "wide"],
  ],
  namespaces: [name, ["Status", ({ status }: Namespace) => status.phase], age],
  serviceaccounts: [name, ["Secrets", () => 0], age],
  events: [
    [
      "Last Seen",
      (event: Event, now) => since(event.lastTimestamp ?? event.firstTimestamp ?? event.eventTime, now),
    ],
    ["Type", ({ type = "" }: Event) => type],
    ["Reason", ({ reason = "" }: Event) => reason],
    [
      "Object",
      ({ involvedObject: { kind = "", name: object = "" } }: Event) => `${kind.toLowerCase()}/${object}`,
    ],
    ["Subobject", ({ involvedObject }: Event) => involvedObject.fieldPath ?? "", "wide"],
    [
      "Source",
      ({ source, reportingComponent }: Event) => source?.component ?? reportingComponent ?? "",
      "wide",
    ],
    ["Message", ({ message = "" }: Event) => message.trim()],
    ["First Seen", (event: Event, now) => since(event.firstTimestamp ?? event.eventTime, now), "wide"],
    ["Count", ({ count: times = 1 }: Event) => times, "wide"],
    ["Name", ({ metadata }: Event) => metadata.name, "wide"],
  ],
  nodes: [name, ["Status", nodeStatus], ["Roles", () => none], age, ["Version", () => "kube-sandbox"]],
  leases: [
    name,
    [
      "Holder",
      ({ spec }: KubeObject) => (spec as { holderIdentity?: string } | undefined)?.holderIdentity ?? "",
    ],
    age,
  ],
};

/** The columns of a resource, in order. */
export function columnsOf(resource: ResourceName): readonly Column<KubeObject>[] {
  return columns[resource] as readonly Column<KubeObject>[];
}
