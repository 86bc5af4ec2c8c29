// Puts the parts together: store → controllers → kubelet → server.
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClaimFolders } from "./claim-folders.ts";
import { systemClock } from "./clock.ts";
import { startClaimController } from "./controllers/claims.ts";
import { type ControllerContext, defaultDelays } from "./controllers/context.ts";
import { createEventRecorder } from "./controllers/event-recorder.ts";
import { startGarbageCollector } from "./controllers/garbage-collector.ts";
import { startJobController } from "./controllers/job/job-controller.ts";
import { startNamespaceController } from "./controllers/namespaces.ts";
import { createOwners } from "./controllers/owners.ts";
import { startScheduler } from "./controllers/scheduler/scheduler.ts";
import { createFaultTable } from "./faults/fault-table.ts";
import { createSandboxFaults, type SandboxFaults } from "./faults/sandbox-faults.ts";
import { createSandboxNodes, type SandboxNodes } from "./faults/sandbox-nodes.ts";
import { addressWithToken, kubeconfigText } from "./kubeconfig.ts";
import { prepareDirectory, type SandboxPods, startKubelet } from "./kubelet/kubelet.ts";
import { createImages, type SandboxImages } from "./kubelet/process/image-pull.ts";
import { createEndStrays } from "./kubelet/process/stray-processes.ts";
import { type Listener, listen } from "./listener.ts";
import type { KubeSandboxOptions } from "./options.ts";
import { KubeSandboxError } from "./sandbox-error.ts";
import { seedStore } from "./seed.ts";
import { createApiServer } from "./server/api-server.ts";
import type { AuditedRequest } from "./server/audit.ts";
import { createCredentials } from "./server/credentials.ts";
import { createWatches } from "./server/watches.ts";
import { createStore } from "./store/store.ts";
import { createTimers } from "./timers.ts";

/** A running sandbox. */
export interface KubeSandbox {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Where volumes are, and below which process pods may mount; a real path. */
  readonly directory: string;
  /** The token that the API accepts. */
  readonly token: string;
  /** Makes a new token and returns it; the one before is accepted for `overlapMs` more (0 by default). */
  rotateToken(options?: { readonly overlapMs?: number }): string;
  /** For `KubeConfig.loadFromString` and `KUBECONFIG`; its namespace is the first of `namespaces`, else `default`. */
  readonly kubeconfig: string;
  /** Writes a kubeconfig that kubectl can use too, to a file that only its owner can read. */
  writeKubeconfig(path: string): Promise<void>;
  /** Every request of a client, in the order of arrival. The cluster's own parts make none. */
  readonly requests: readonly AuditedRequest[];
  readonly faults: SandboxFaults;
  readonly pods: SandboxPods;
  readonly nodes: SandboxNodes;
  readonly images: SandboxImages;
  /** The folder of a claim; `unknown_claim` if it has none. */
  volumePath(namespace: string, claim: string): string;
  /** Ends every process that it started, closes every connection, removes its own folder. May be called again. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const isRoot = (): boolean => process.getuid?.() === 0;

async function ownDirectory(given: string | undefined): Promise<string> {
  if (given === undefined) return realpath(await mkdtemp(join(tmpdir(), "kube-sandbox-")));
  await mkdir(given, { recursive: true });
  return realpath(given);
}

/** Starts a Kubernetes API in this process. Throws KubeSandboxError (`invalid_option`, `listen_failed`). */
export async function startKubeSandbox(options: KubeSandboxOptions = {}): Promise<KubeSandbox> {
  const { claims = [], namespaces = [], clock = systemClock, permissions, requestLog = true } = options;
  const directory = await ownDirectory(options.directory);
  const asRoot = isRoot();
  await prepareDirectory(directory, asRoot);
  const folders = createClaimFolders(directory, claims, asRoot);

  const store = createStore(() => clock.now());
  const timers = createTimers(clock);
  const events = createEventRecorder(store, timers);
  const delays = { ...defaultDelays, ...options.delays };
  const context: ControllerContext = { store, timers, delays, events };
  const owners = createOwners(store);
  startNamespaceController(context, owners);
  startGarbageCollector(context, owners);
  startJobController(context, owners);
  startClaimController(context, owners, (claim) => {
    // An empty class asks for a volume that somebody else made, as on a real cluster.
    if (options.provisionClaims === false || claim.spec.storageClassName === "") return false;
    folders.provide(claim.metadata.namespace ?? "", claim.metadata.name);
    return true;
  });
  startScheduler(context);
  const images = createImages(options.images ?? {});
  const kubelet = startKubelet({
    context,
    directory,
    claimFolder: folders.get,
    host: {
      context,
      pullImage: images.pull,
      path: options.path ?? [],
      endStrays: createEndStrays(),
      asRoot,
      directory,
    },
  });
  seedStore(store, clock.now(), { namespaces, claims, nodes: options.nodes ?? [{ name: "sandbox" }] });

  const requests: AuditedRequest[] = [];
  const credentials = createCredentials(timers);
  const table = createFaultTable(options.random ?? Math.random, () => clock.now());
  const watches = createWatches(store, timers, options.bookmarkMs ?? 60_000);
  let listener: Listener;
  const faults = createSandboxFaults(table, {
    ...{ store, watches, timers, credentials },
    listener: () => listener,
  });
  const server = createApiServer({
    ...{ store, timers, credentials, watches, faults: table, picture: faults.picture },
    serving: () => listener.serving,
    user: "kube-sandbox",
    denied: permissions?.deny ?? [],
    record: (request) => {
      if (requestLog) requests.push(request);
    },
    logOf: kubelet.logOf,
  });
  const removeOwn = async (): Promise<void> => {
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
  };
  try {
    listener = await listen(server, options.host ?? "127.0.0.1", options.port ?? 0);
  } catch (error) {
    timers.close();
    await kubelet.close();
    await removeOwn();
    throw error;
  }
  const { url } = listener;
  const namespace = namespaces[0] ?? "default";
  const kubeconfigFor = (server: string): string =>
    kubeconfigText({ url: server, token: credentials.token, namespace });

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await listener.close();
    await kubelet.close();
    timers.close();
    await removeOwn();
  };
  const closeOnce = (): Promise<void> => (closing ??= close());

  return {
    ...{ url, directory, requests, faults },
    get token() {
      return credentials.token;
    },
    get kubeconfig() {
      return kubeconfigFor(url);
    },
    rotateToken: credentials.rotate,
    pods: {
      script: kubelet.script,
      oomKill: kubelet.oomKill,
      evict: kubelet.evict,
      keepTerminating: kubelet.keepTerminating,
    },
    nodes: createSandboxNodes(context, kubelet.gateOf),
    images,
    writeKubeconfig: (path) =>
      writeFile(path, kubeconfigFor(addressWithToken(url, credentials.token)), { mode: 0o600 }),
    volumePath(namespace, claim) {
      const folder = folders.get(namespace, claim);
      if (folder === undefined)
        throw new KubeSandboxError("unknown_claim", `claim ${namespace}/${claim} has no folder`);
      return folder;
    },
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}
