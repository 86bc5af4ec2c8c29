import { readFile } from "node:fs/promises";
import type { V1Container, V1Pod } from "@kubernetes/client-node";
import type { KubeTransport } from "@paperclip-k8s/job-supervisor";
import { withoutEndSlash } from "../environment/map-path.ts";
import type { Host } from "./host.ts";

/** What agents' pods take over from the pod that the host runs in, unless configured otherwise. */
export interface SelfPod {
  readonly namespace: string;
  readonly image: string | null;
  readonly imagePullSecrets: readonly string[];
  readonly serviceAccountName: string | null;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: NonNullable<NonNullable<V1Pod["spec"]>["tolerations"]>;
  readonly dnsConfig: NonNullable<V1Pod["spec"]>["dnsConfig"];
  /** The claim that is mounted at `path`, if one is. */
  claimAt(path: string): string | null;
  /** Which part of that claim is mounted there; null for the whole. */
  subPathAt(path: string): string | null;
}

const NAMESPACE_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

/** The name of the host's own pod: by `POD_NAME` and `POD_NAMESPACE`, else the hostname and the service account's namespace. */
export async function selfPodName(host: Host): Promise<{ namespace: string; name: string } | null> {
  const { POD_NAME, POD_NAMESPACE } = host.environment;
  const namespace = POD_NAMESPACE ?? (await readFile(NAMESPACE_FILE, "utf8").catch(() => null))?.trim();
  return namespace ? { namespace, name: POD_NAME ?? host.hostname } : null;
}

/** Reads the host's own pod. */
export async function readSelfPod(
  transport: KubeTransport,
  self: { readonly namespace: string; readonly name: string },
): Promise<SelfPod> {
  const path = `/api/v1/namespaces/${encodeURIComponent(self.namespace)}/pods/${encodeURIComponent(self.name)}`;
  return selfPodOf(await transport.json<V1Pod>({ method: "GET", path }));
}

/** What of a pod its agents take over. */
export function selfPodOf(pod: V1Pod): SelfPod {
  const spec = pod.spec;
  const container = hostContainer(pod);
  const mountAt = (path: string) =>
    container?.volumeMounts?.find(({ mountPath }) => mountPath && withoutEndSlash(mountPath) === path);
  return {
    namespace: pod.metadata?.namespace ?? "",
    image: container?.image ?? null,
    imagePullSecrets: (spec?.imagePullSecrets ?? []).flatMap(({ name }) => (name ? [name] : [])),
    serviceAccountName: spec?.serviceAccountName ?? null,
    nodeSelector: spec?.nodeSelector ?? {},
    // Kubernetes adds these two to every pod; repeating them would only hide its own.
    tolerations: (spec?.tolerations ?? []).filter(({ key }) => !key?.startsWith("node.kubernetes.io/")),
    dnsConfig: spec?.dnsConfig,
    subPathAt: (path) => mountAt(path)?.subPath || mountAt(path)?.subPathExpr || null,
    claimAt: (path) => {
      const volume = spec?.volumes?.find(({ name }) => name === mountAt(path)?.name);
      return volume?.persistentVolumeClaim?.claimName ?? null;
    },
  };
}

/**
 * The one that kubectl would take, else one with the host's usual name, else the first: a mesh may put its own
 * container in front of the host's.
 */
function hostContainer(pod: V1Pod): V1Container | undefined {
  const containers = pod.spec?.containers ?? [];
  const named = (wanted: string | undefined) => containers.find(({ name }) => name === wanted);
  const marked = pod.metadata?.annotations?.["kubectl.kubernetes.io/default-container"];
  return named(marked) ?? named("paperclip") ?? containers[0];
}
