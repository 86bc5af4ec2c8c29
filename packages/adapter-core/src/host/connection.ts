import { access, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { KubeConfig, loadYaml } from "@kubernetes/client-node";
import {
  type Clock,
  createKubeTransport,
  isTransient,
  type KubeTransport,
  sleep,
} from "@paperclip-k8s/job-supervisor";
import { AdapterCoreError } from "../adapter-core-error.ts";
import { VERSION } from "../version.ts";
import type { Host } from "./host.ts";
import { saidOfKubeconfig } from "./kubeconfig-error.ts";
import { readSelfPod, type SelfPod, selfPodName } from "./self-pod.ts";

/** A cluster that the host can reach, with the host's own pod in it. */
export interface Connection {
  readonly transport: KubeTransport;
  /** The namespace of the kubeconfig's context; null where it names none. */
  readonly contextNamespace: string | null;
  /** The API server's address, for messages. */
  readonly server: string;
  /**
   * The host's own pod, read once and again after 5 minutes; null off the cluster.
   *
   * @throws KubeApiError where it cannot be read, and has not been before: the next one asks again
   */
  selfPod(): Promise<SelfPod | null>;
}

const TOKEN_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token";
const SELF_POD_FOR_MS = 300_000;
/** Between two tries to read the host's own pod, in ms. */
const PAUSES_MS = [500, 1000, 2000, 4000];

/**
 * Connects as the config says, else as the pod's service account, else as kubectl would. Reads files only;
 * the first request comes later.
 *
 * @throws AdapterCoreError (`kubeconfig_unusable`)
 */
export async function connect(host: Host, kubeconfig: string | undefined): Promise<Connection> {
  const kubeConfig = await loadKubeConfig(host, kubeconfig);
  const reload = () => loadKubeConfig(host, kubeconfig);
  const transport = createKubeTransport({ kubeConfig, userAgent: `paperclip-k8s/${VERSION}`, reload });
  return {
    transport,
    contextNamespace: kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace ?? null,
    server: kubeConfig.getCurrentCluster()?.server ?? "no cluster",
    selfPod: refreshed(host.clock, () => findSelfPod(host, transport)),
  };
}

async function loadKubeConfig(host: Host, kubeconfig: string | undefined): Promise<KubeConfig> {
  const kubeConfig = new KubeConfig();
  try {
    if (kubeconfig) kubeConfig.loadFromFile(kubeconfig);
    else if (await isInCluster(host)) kubeConfig.loadFromCluster();
    else kubeConfig.loadFromDefault();
    await useTokenFile(kubeConfig, kubeconfig ?? host.environment["KUBECONFIG"]);
  } catch (error) {
    const message = `kubeconfig: ${kubeconfig ?? "the default one"} cannot be used (${saidOfKubeconfig(error)}): give the path of a kubeconfig file that the Paperclip host can read`;
    throw new AdapterCoreError("kubeconfig_unusable", message);
  }
  if (!kubeConfig.getCurrentCluster()?.server) {
    const message = `kubeconfig: ${kubeconfig ?? "the default one"} has no current cluster: choose a context with a cluster in it, or give another file`;
    throw new AdapterCoreError("kubeconfig_unusable", message);
  }
  return kubeConfig;
}

interface RawKubeConfig {
  readonly users?: readonly {
    readonly name?: string;
    readonly user?: { readonly tokenFile?: string } | null;
  }[];
}

/** `tokenFile` is kubectl's name for it, which the library passes over: requests would be anonymous. */
async function useTokenFile(kubeConfig: KubeConfig, path: string | undefined): Promise<void> {
  const current = kubeConfig.getCurrentUser();
  if (!path || !current || current.token || current.authProvider) return;
  const text = await readFile(path, "utf8").catch(() => null);
  const users = text === null ? [] : (loadYaml<RawKubeConfig | undefined>(text)?.users ?? []);
  const tokenFile = users.find(({ name }) => name === current.name)?.user?.tokenFile;
  if (!tokenFile) return;
  const authProvider = { name: "tokenFile", config: { tokenFile: resolve(dirname(path), tokenFile) } };
  const withToken = kubeConfig.users.map((user) => (user === current ? { ...user, authProvider } : user));
  const { clusters, contexts, currentContext } = kubeConfig;
  kubeConfig.loadFromOptions({ clusters, contexts, currentContext, users: withToken });
}

async function isInCluster(host: Host): Promise<boolean> {
  if (!host.environment["KUBERNETES_SERVICE_HOST"]) return false;
  return access(TOKEN_FILE).then(
    () => true,
    () => false,
  );
}

/** Reads once for all that ask within the time; what could not be read is asked for again by the next one. */
function refreshed(clock: Clock, read: () => Promise<SelfPod | null>): () => Promise<SelfPod | null> {
  let last: { readonly at: number; readonly pod: Promise<SelfPod | null> } | null = null;
  return () => {
    if (last !== null && clock.now() - last.at <= SELF_POD_FOR_MS) return last.pod;
    const former = last;
    // An old answer is better than none: a pod's image and volumes do not change.
    const pod = read().catch((error: unknown) => former?.pod ?? Promise.reject(error));
    const reading = { at: clock.now(), pod };
    last = reading;
    pod.catch(() => {
      if (last === reading) last = former;
    });
    return pod;
  };
}

async function findSelfPod(host: Host, transport: KubeTransport): Promise<SelfPod | null> {
  const self = await selfPodName(host);
  if (self === null) return null;
  for (const pauseMs of [...PAUSES_MS, null]) {
    try {
      return await readSelfPod(transport, self);
    } catch (error) {
      if (pauseMs === null || !isTransient(error)) throw error;
      await sleep({ clock: host.clock, ms: pauseMs });
    }
  }
  return null;
}
