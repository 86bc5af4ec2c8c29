import type { ResourceName } from "./objects.ts";

/** One stored kind: where it is served, and what is special about it. */
export interface Kind {
  readonly resource: ResourceName;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** The class of the Kubernetes client whose attribute map is the schema. */
  readonly model: string;
  /** Whether `/status` is served, and kept apart from updates of the object. */
  readonly status: boolean;
  /** Whether `metadata.generation` counts changes of the spec. */
  readonly generation: boolean;
  /** Whether names are DNS labels (63 characters) rather than subdomains (253). */
  readonly labelName?: boolean;
  /** Clients may only read it. */
  readonly readOnly?: boolean;
  /** Whether a PUT makes what is not there. */
  readonly createOnUpdate?: boolean;
  readonly shortNames: readonly string[];
  /** Field selectors beyond `metadata.name` and `metadata.namespace`. */
  readonly fieldLabels: readonly string[];
  readonly categories?: readonly string[];
}

const core = {
  group: "",
  version: "v1",
  namespaced: true,
  status: false,
  generation: false,
  fieldLabels: [],
} as const;

/** Every kind that the sandbox serves. */
export const kinds: readonly Kind[] = [
  {
    ...core,
    resource: "pods",
    kind: "Pod",
    model: "V1Pod",
    status: true,
    generation: true,
    shortNames: ["po"],
    fieldLabels: [
      "spec.nodeName",
      "spec.restartPolicy",
      "spec.schedulerName",
      "spec.serviceAccountName",
      "status.phase",
      "status.podIP",
    ],
    categories: ["all"],
  },
  {
    ...core,
    group: "batch",
    resource: "jobs",
    kind: "Job",
    model: "V1Job",
    status: true,
    generation: true,
    shortNames: [],
    fieldLabels: ["status.successful"],
    categories: ["all"],
  },
  { ...core, resource: "secrets", kind: "Secret", model: "V1Secret", shortNames: [], fieldLabels: ["type"] },
  { ...core, resource: "configmaps", kind: "ConfigMap", model: "V1ConfigMap", shortNames: ["cm"] },
  {
    ...core,
    resource: "persistentvolumeclaims",
    kind: "PersistentVolumeClaim",
    model: "V1PersistentVolumeClaim",
    status: true,
    shortNames: ["pvc"],
  },
  {
    ...core,
    resource: "namespaces",
    kind: "Namespace",
    model: "V1Namespace",
    namespaced: false,
    status: true,
    labelName: true,
    shortNames: ["ns"],
    fieldLabels: ["status.phase"],
  },
  {
    ...core,
    resource: "serviceaccounts",
    kind: "ServiceAccount",
    model: "V1ServiceAccount",
    shortNames: ["sa"],
  },
  {
    ...core,
    resource: "events",
    kind: "Event",
    model: "CoreV1Event",
    createOnUpdate: true,
    shortNames: ["ev"],
    fieldLabels: [
      "involvedObject.kind",
      "involvedObject.namespace",
      "involvedObject.name",
      "involvedObject.uid",
      "involvedObject.apiVersion",
      "involvedObject.resourceVersion",
      "involvedObject.fieldPath",
      "reason",
      "reportingComponent",
      "source",
      "type",
    ],
  },
  {
    ...core,
    resource: "nodes",
    kind: "Node",
    model: "V1Node",
    namespaced: false,
    status: true,
    readOnly: true,
    shortNames: ["no"],
    fieldLabels: ["spec.unschedulable"],
  },
  {
    ...core,
    group: "coordination.k8s.io",
    resource: "leases",
    kind: "Lease",
    model: "V1Lease",
    createOnUpdate: true,
    shortNames: [],
  },
];

const byResource = new Map<string, Kind>(kinds.map((kind) => [`${kind.group}/${kind.resource}`, kind]));
const byName = new Map<ResourceName, Kind>(kinds.map((kind) => [kind.resource, kind]));

/** The kind that is served at an API group and a plural name, if any. */
export function findKind(group: string, version: string, resource: string): Kind | undefined {
  const kind = byResource.get(`${group}/${resource}`);
  return kind?.version === version ? kind : undefined;
}

/** The kind of a resource that is known to be stored. */
export function kindOf(resource: ResourceName): Kind {
  return byName.get(resource)!;
}

/** `v1` or `batch/v1`. */
export function apiVersionOf(kind: Kind): string {
  return kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
}

/** `pods` or `jobs.batch`, as the API's messages name a resource. */
export function qualifiedResource(kind: Kind): string {
  return kind.group === "" ? kind.resource : `${kind.resource}.${kind.group}`;
}

/** `Pod` or `Job.batch`, as the API's messages name a kind. */
export function qualifiedKind(kind: Kind): string {
  return kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
}
