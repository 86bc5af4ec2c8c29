import type { V1Job, V1Secret } from "@kubernetes/client-node";
import { createKubeTransport } from "@paperclip-k8s/job-supervisor";
import type { TestNamespace } from "../namespace/open-namespace.ts";

/** Asks the API server what it would do, strictly: an unknown field is an error, and nothing is created. */
export interface DryRun {
  /** Each resolves if the server takes the object as it is, and rejects with `KubeApiError` and the server's words. */
  job(job: V1Job): Promise<void>;
  secret(secret: V1Secret): Promise<void>;
  /**
   * The Job's pod by itself: Pod Security admission looks at pods, not at Jobs. Without the names of classes and
   * accounts, which would have to exist.
   */
  podOf(job: V1Job): Promise<void>;
}

/** Dry runs in one namespace; the objects name it. */
export function dryRunIn(namespace: TestNamespace): DryRun {
  const transport = createKubeTransport({
    kubeConfig: namespace.clients.config,
    userAgent: "paperclip-k8s-e2e",
  });
  const query = { dryRun: "All", fieldValidation: "Strict" };
  const create = async (group: string, resource: string, body: object) => {
    const path = `/${group}/namespaces/${namespace.name}/${resource}`;
    await transport.json({ method: "POST", path, query, body });
  };
  return {
    job: (job) => create("apis/batch/v1", "jobs", job),
    secret: (secret) => create("api/v1", "secrets", secret),
    podOf: (job) => create("api/v1", "pods", podOf(job)),
  };
}

function podOf({ metadata, spec }: V1Job): object {
  const template = spec?.template;
  const { priorityClassName, runtimeClassName, serviceAccountName, ...pod } = template?.spec ?? {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...template?.metadata, name: metadata?.name },
    spec: pod,
  };
}
