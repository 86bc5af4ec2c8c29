import type { CoreV1Event, V1Job, V1Pod, V1Secret } from "@kubernetes/client-node";
import type { KubeTransport } from "./kube-transport.ts";

/** A list as the API gives it. */
export interface KubeList<T> {
  readonly items: readonly T[];
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
}

/** What a deletion insists on; a mismatch is a `conflict`. */
export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** An operation of RFC 6902, as far as it is used here. */
export interface JsonPatchOperation {
  readonly op: "test" | "add";
  readonly path: string;
  readonly value: unknown;
}

/** The few requests that running Jobs takes, in one namespace. Every method throws `KubeApiError`. */
export interface KubeApi {
  createJob(job: V1Job, signal?: AbortSignal): Promise<V1Job>;
  readJob(name: string): Promise<V1Job>;
  /** A quorum read of all Jobs with these labels, page by page. */
  listJobs(labelSelector: string, signal?: AbortSignal): Promise<readonly V1Job[]>;
  patchJob(name: string, mergePatch: object, signal?: AbortSignal): Promise<V1Job>;
  /** A JSON patch; where one of its tests fails the API server answers `invalid`, without a word about which. */
  patchJobIf(name: string, operations: readonly JsonPatchOperation[]): Promise<V1Job>;
  deleteJob(
    name: string,
    how: { propagation: "Foreground" | "Background"; preconditions: Preconditions },
  ): Promise<void>;
  createSecret(secret: V1Secret, signal?: AbortSignal): Promise<V1Secret>;
  deleteSecret(name: string): Promise<void>;
  /** The events about one object, at most 100. */
  listEvents(uid: string): Promise<readonly CoreV1Event[]>;
  /** A quorum read of the pods of one Job. */
  listPods(labelSelector: string): Promise<readonly V1Pod[]>;
}

const PAGE = 500;

/** Binds the requests to one namespace. */
export function createKubeApi(options: { transport: KubeTransport; namespace: string }): KubeApi {
  const { transport } = options;
  const core = `/api/v1/namespaces/${encodeURIComponent(options.namespace)}`;
  const jobs = `/apis/batch/v1/namespaces/${encodeURIComponent(options.namespace)}/jobs`;
  const strict = { fieldValidation: "Strict" };
  const at = (collection: string, name: string) => `${collection}/${encodeURIComponent(name)}`;

  return {
    createJob: (body, signal) => transport.json({ method: "POST", path: jobs, query: strict, body, signal }),
    readJob: (name) => transport.json({ method: "GET", path: at(jobs, name) }),
    listJobs: (labelSelector, signal) => listAll<V1Job>(transport, jobs, labelSelector, signal),
    patchJob: (name, body, signal) =>
      transport.json({
        method: "PATCH",
        path: at(jobs, name),
        body,
        contentType: "application/merge-patch+json",
        signal,
      }),
    patchJobIf: (name, body) =>
      transport.json({
        method: "PATCH",
        path: at(jobs, name),
        body,
        contentType: "application/json-patch+json",
      }),
    deleteJob: async (name, { propagation, preconditions }) => {
      const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: propagation, preconditions };
      await transport.json({ method: "DELETE", path: at(jobs, name), body });
    },
    createSecret: (body, signal) =>
      transport.json({ method: "POST", path: `${core}/secrets`, query: strict, body, signal }),
    deleteSecret: async (name) => {
      await transport.json({ method: "DELETE", path: at(`${core}/secrets`, name) });
    },
    listEvents: async (uid) => {
      const query = { fieldSelector: `involvedObject.uid=${uid}`, limit: 100 };
      const list = await transport.json<KubeList<CoreV1Event>>({
        method: "GET",
        path: `${core}/events`,
        query,
      });
      return list.items;
    },
    listPods: (labelSelector) => listAll<V1Pod>(transport, `${core}/pods`, labelSelector),
  };
}

async function listAll<T>(
  transport: KubeTransport,
  path: string,
  labelSelector: string,
  signal?: AbortSignal,
): Promise<readonly T[]> {
  const items: T[] = [];
  let next: string | undefined;
  do {
    const query = { labelSelector, limit: PAGE, continue: next };
    const page: KubeList<T> = await transport.json({ method: "GET", path, query, signal });
    items.push(...page.items);
    next = page.metadata.continue || undefined;
  } while (next);
  return items;
}
