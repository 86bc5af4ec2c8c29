// What the API fills in when an object is written, by kind. `drafts` are decoded, not yet validated.
import type {
  Event,
  Job,
  KubeObject,
  Namespace,
  PersistentVolumeClaim,
  Pod,
  ResourceName,
  Secret,
} from "../objects.ts";
import { defaultPodSpec, defaultRequests } from "./pod-spec.ts";
import { qosClassOf } from "./qos-class.ts";

function defaultPod(pod: Pod): void {
  pod.spec ??= { containers: [] };
  const { spec } = pod;
  spec.restartPolicy ??= "Always";
  defaultPodSpec(spec);
  defaultRequests(spec);
  spec.serviceAccountName ??= "default";
  spec.serviceAccount ??= spec.serviceAccountName;
  spec.enableServiceLinks ??= true;
  spec.priority ??= 0;
  spec.preemptionPolicy ??= "PreemptLowerPriority";
  spec.tolerations ??= [];
  for (const key of ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]) {
    if (spec.tolerations.some((one) => one.key === key && (one.effect ?? "NoExecute") === "NoExecute"))
      continue;
    spec.tolerations.push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 });
  }
}

/** The selector and the labels by which a Job finds its pods, made from its uid as the API does. */
function generateSelector(job: Job): void {
  const { name, uid } = job.metadata;
  const template = job.spec.template;
  template.metadata ??= {};
  template.metadata.labels = {
    ...template.metadata.labels,
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": name,
    "controller-uid": uid,
    "job-name": name,
  };
  job.spec.selector = { matchLabels: { "batch.kubernetes.io/controller-uid": uid } };
}

/** A Job without labels shows those of its template, the generated ones too; they are not validated there. */
export function inheritLabels(job: Job): void {
  if (Object.keys(job.metadata.labels ?? {}).length > 0) return;
  job.metadata.labels = { ...job.spec.template.metadata?.labels };
}

function defaultJob(job: Job, isNew: boolean): void {
  job.spec ??= { template: { spec: { containers: [] } } };
  const { spec } = job;
  spec.template ??= { spec: { containers: [] } };
  spec.template.spec ??= { containers: [] };
  defaultPodSpec(spec.template.spec);
  spec.parallelism ??= 1;
  spec.completions ??= 1;
  spec.backoffLimit ??= 6;
  spec.manualSelector ??= false;
  spec.completionMode ??= "NonIndexed";
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy === undefined ? "TerminatingOrFailed" : "Failed";
  if (!isNew) inheritLabels(job);
  else if (!spec.manualSelector) generateSelector(job);
}

function defaultSecret(secret: Secret): void {
  secret.type ??= "Opaque";
  const { stringData } = secret;
  if (stringData === undefined) return;
  secret.data ??= {};
  for (const [key, text] of Object.entries(stringData))
    secret.data[key] = Buffer.from(text).toString("base64");
  delete secret.stringData;
}

const byKind: { [R in ResourceName]?: (object: never, isNew: boolean) => void } = {
  pods: (pod: Pod) => defaultPod(pod),
  jobs: (job: Job, isNew) => defaultJob(job, isNew),
  secrets: (secret: Secret) => defaultSecret(secret),
  persistentvolumeclaims(claim: PersistentVolumeClaim) {
    if (claim.spec !== undefined) claim.spec.volumeMode ??= "Filesystem";
  },
  namespaces(namespace: Namespace) {
    namespace.metadata.labels = {
      ...namespace.metadata.labels,
      "kubernetes.io/metadata.name": namespace.metadata.name,
    };
    namespace.spec ??= {};
    namespace.spec.finalizers ??= ["kubernetes"];
  },
  events(event: Event) {
    event.source ??= {};
    event.firstTimestamp ??= null;
    event.lastTimestamp ??= null;
    event.eventTime ??= null;
    event.reportingComponent ??= "";
    event.reportingInstance ??= "";
  },
};

/** Fills in defaults, in place. `isNew` is false for updates, which keep what was generated. */
export function applyDefaults(resource: ResourceName, draft: KubeObject, isNew: boolean): void {
  (byKind[resource] as ((object: KubeObject, isNew: boolean) => void) | undefined)?.(draft, isNew);
}

const firstStatus: { [R in ResourceName]?: (object: never) => unknown } = {
  pods: (pod: Pod) => ({ phase: "Pending", qosClass: qosClassOf(pod.spec) }),
  jobs: () => ({}),
  persistentvolumeclaims: () => ({ phase: "Pending" }),
  namespaces: () => ({ phase: "Active" }),
};

/** The status of a new object; what the client sent as status is dropped. */
export function initialStatus(resource: ResourceName, draft: KubeObject): void {
  const make = firstStatus[resource] as ((object: KubeObject) => unknown) | undefined;
  if (make !== undefined) draft.status = make(draft);
}

/** What the API adds by itself when an object is created. */
export function initialFinalizers(resource: ResourceName): string[] | undefined {
  return resource === "persistentvolumeclaims" ? ["kubernetes.io/pvc-protection"] : undefined;
}
