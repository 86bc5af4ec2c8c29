import { access } from "node:fs/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { createKubeTransport, type KubeTransport } from "@paperclip-k8s/job-supervisor";
import { AdapterCoreError } from "../adapter-core-error.ts";
import { VERSION } from "../version.ts";
import type { Host } from "./host.ts";
import { readSelfPod, type SelfPod, selfPodName } from "./self-pod.ts";

/** A cluster that the host can reach, with the host's own pod in it. */
export interface Connection {
  readonly transport: KubeTransport;
  /** The namespace of the kubeconfig's context; null where it names none. */
  readonly contextNamespace: string | null;
  /** The API server's address, for messages. */
  readonly server: string;
  /** The host's own pod, read once and again after 5 minutes; null off the cluster, or where it cannot be read. */
  selfPod(): Promise<SelfPod | null>;
}

const TOKEN_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token";
const SELF_POD_FOR_MS = 300_000;

/**
 * Connects as the config says, else as the pod's service account, else as kubectl would. Reads files only;
 * the first request comes later.
 *
 * @throws AdapterCoreError (`kubeconfig_unusable`)
 */
export async function connect(host: Host, kubeconfig: string | undefined): Promise<Connection> {
  const kubeConfig = await loadKubeConfig(host, kubeconfig);
  const transport = createKubeTransport({ kubeConfig, userAgent: `paperclip-k8s/${VERSION}` });
  let pod: { readonly at: number; readonly read: Promise<SelfPod | null> } | null = null;
  return {
    transport,
    contextNamespace: kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace ?? null,
    server: kubeConfig.getCurrentCluster()?.server ?? "no cluster",
    selfPod: () => {
      if (pod === null || host.clock.now() - pod.at > SELF_POD_FOR_MS) {
        pod = { at: host.clock.now(), read: findSelfPod(host, transport) };
      }
      return pod.read;
    },
  };
}

async function loadKubeConfig(host: Host, kubeconfig: string | undefined): Promise<KubeConfig> {
  const kubeConfig = new KubeConfig();
  try {
    if (kubeconfig) kubeConfig.loadFromFile(kubeconfig);
    else if (await isInCluster(host)) kubeConfig.loadFromCluster();
    else kubeConfig.loadFromDefault();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const message = `kubeconfig: ${kubeconfig ?? "the default one"} cannot be used (${said}): give the path of a kubeconfig file that the Paperclip host can read`;
    throw new AdapterCoreError("kubeconfig_unusable", message, error);
  }
  return kubeConfig;
}

async function isInCluster(host: Host): Promise<boolean> {
  if (!host.environment["KUBERNETES_SERVICE_HOST"]) return false;
  return access(TOKEN_FILE).then(
    () => true,
    () => false,
  );
}

/** Off the cluster, or without the right to read pods, the config has to say all: what is missing is named then. */
async function findSelfPod(host: Host, transport: KubeTransport): Promise<SelfPod | null> {
  const self = await selfPodName(host);
  return self === null ? null : readSelfPod(transport, self).catch(() => null);
}
