// Runs the pods that were given a node, and ends those that are deleted.
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ControllerContext } from "../controllers/context.ts";
import type { Pod } from "../resources/objects.ts";
import { isTerminal } from "../resources/parts.ts";
import type { ContainerLog } from "./container-log.ts";
import type { PodWorker } from "./pod-worker.ts";
import type { ProcessHost } from "./process/process-container.ts";
import { runProcessPod } from "./process/process-pod.ts";
import { matchesPod, type PodMatch, type PodScript } from "./scripted/pod-script.ts";
import { runScriptedPod } from "./scripted/scripted-pod.ts";
import { createMountLinks } from "./volumes/mount-links.ts";

/** The one kubelet of all nodes. */
export interface Kubelet {
  /** Pods that match are played by a function from now on; the latest script wins. */
  script(match: PodMatch, script: PodScript): { remove(): void };
  logOf(uid: string, container: string): ContainerLog | undefined;
  /** Ends every process; resolves when none is left. */
  close(): Promise<void>;
}

export interface KubeletOptions {
  readonly context: ControllerContext;
  readonly host: ProcessHost;
  readonly directory: string;
  readonly claimFolder: (namespace: string, claim: string) => string | undefined;
}

/** Starts the kubelet. */
export function startKubelet({ context, host, directory, claimFolder }: KubeletOptions): Kubelet {
  const { store } = context;
  const workers = new Map<string, { readonly worker: PodWorker; stopping: boolean }>();
  const logs = new Map<string, Map<string, ContainerLog>>();
  const scripts = new Set<{ readonly match: PodMatch; readonly script: PodScript }>();
  const configListeners = new Set<{ readonly namespace: string; readonly callback: () => void }>();
  const links = createMountLinks(directory);
  // A process that ends without close() takes its pods with it, as far as it still can.
  const killAll = (): void => {
    for (const { worker } of workers.values()) worker.kill();
  };
  process.once("exit", killAll);

  for (const resource of ["secrets", "configmaps"] as const) {
    store.subscribe(resource, ({ object }) => {
      for (const { namespace, callback } of [...configListeners]) {
        if (namespace === object.metadata.namespace) queueMicrotask(callback);
      }
    });
  }

  const keepLog = (uid: string) => (container: string, log: ContainerLog) => {
    const kept = logs.get(uid) ?? new Map<string, ContainerLog>();
    logs.set(uid, kept.set(container, log));
  };

  const startProcess = (pod: Pod): PodWorker => {
    const { uid, namespace = "" } = pod.metadata;
    return runProcessPod({
      host,
      pod,
      links,
      folders: { podFolder: join(directory, "pods", uid), claimFolder, asRoot: host.asRoot },
      sources: {
        secret: (name) => store.get("secrets", namespace, name),
        configMap: (name) => store.get("configmaps", namespace, name),
      },
      keepLog: keepLog(uid),
      onConfigChange(callback) {
        const listener = { namespace, callback };
        configListeners.add(listener);
        return () => configListeners.delete(listener);
      },
      onEnd: () => void workers.delete(uid),
    });
  };

  const start = (pod: Pod): void => {
    const { uid } = pod.metadata;
    const scripted = [...scripts].reverse().find(({ match }) => matchesPod(match, pod));
    const hooks = { keepLog: keepLog(uid), onEnd: () => void workers.delete(uid) };
    const worker =
      scripted === undefined ? startProcess(pod) : runScriptedPod(context, pod, scripted.script, hooks);
    workers.set(uid, { worker, stopping: false });
  };

  const stop = (pod: Pod, graceSec: number): void => {
    const running = workers.get(pod.metadata.uid);
    if (running === undefined || running.stopping) return;
    running.stopping = true;
    running.worker.stop(graceSec);
  };

  store.subscribe("pods", ({ type, object, previous }) => {
    const pod = object as Pod;
    const { uid, deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
    const grace = pod.spec.terminationGracePeriodSeconds ?? 30;
    if (type === "DELETED") {
      // Forced away: the object is gone, its processes still have their grace.
      stop(pod, grace);
      logs.delete(uid);
    } else if (deletionTimestamp !== undefined) {
      stop(pod, deletionGracePeriodSeconds ?? grace);
    } else if (pod.spec.nodeName !== undefined && !workers.has(uid) && !isTerminal(pod)) {
      if ((previous as Pod | undefined)?.spec.nodeName === undefined) start(pod);
    }
  });

  return {
    script(match, script) {
      const entry = { match, script };
      scripts.add(entry);
      return { remove: () => void scripts.delete(entry) };
    },
    logOf: (uid, container) => logs.get(uid)?.get(container),
    async close() {
      await Promise.all([...workers.values()].map(({ worker }) => worker.close()));
      process.off("exit", killAll);
    },
  };
}

/** Makes the folders that the kubelet works in; others may pass through them, not list them. */
export async function prepareDirectory(directory: string, asRoot: boolean): Promise<void> {
  const mode = asRoot ? 0o711 : 0o700;
  for (const folder of [directory, join(directory, "pods"), join(directory, "volumes")]) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, mode);
  }
}
