// Runs the pods that were given a node, and ends those that are deleted.
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ControllerContext } from "../controllers/context.ts";
import type { Pod } from "../resources/objects.ts";
import { isTerminal } from "../resources/parts.ts";
import { KubeSandboxError } from "../sandbox-error.ts";
import type { ContainerLog } from "./container-log.ts";
import { createGate, type Gate } from "./gate.ts";
import { createPodReporter, type PodReporter } from "./pod-reporter.ts";
import type { PodWorker } from "./pod-worker.ts";
import type { ProcessHost } from "./process/process-container.ts";
import { runProcessPod } from "./process/process-pod.ts";
import { matchesPod, type PodMatch, type PodScript } from "./scripted/pod-script.ts";
import { runScriptedPod } from "./scripted/scripted-pod.ts";
import { createMountLinks } from "./volumes/mount-links.ts";

/** The pods that run here, and what can be made to go wrong with them; `unknown_pod` if none matches. */
export interface SandboxPods {
  /** Pods that match are played by a function from now on; the latest script wins. */
  script(match: PodMatch, script: PodScript): { remove(): void };
  /** Containers (all, unless one is named) are killed for using too much memory: 137, `OOMKilled`. */
  oomKill(match: PodMatch, container?: string): void;
  /** The kubelet evicts pods: they are stopped, and `Failed` as `Evicted`. `message` is the kubelet's. */
  evict(match: PodMatch, message?: string): void;
  /** Pods that match do not hear of their deletion: they work on in `Terminating` until `release()`. */
  keepTerminating(match: PodMatch): { release(): void };
}

/** The one kubelet of all nodes. */
export interface Kubelet extends SandboxPods {
  /** What a node is heard through. */
  gateOf(node: string): Gate;
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

interface Running {
  readonly pod: Pod;
  readonly worker: PodWorker;
  /** What is said of the pod and to it passes here. */
  readonly gate: Gate;
  stopping: boolean;
}

const lowMemory = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. ";

/** Starts the kubelet. */
export function startKubelet({ context, host, directory, claimFolder }: KubeletOptions): Kubelet {
  const { store } = context;
  const workers = new Map<string, Running>();
  const logs = new Map<string, Map<string, ContainerLog>>();
  const scripts = new Set<{ readonly match: PodMatch; readonly script: PodScript }>();
  const configListeners = new Set<{ readonly namespace: string; readonly callback: () => void }>();
  const nodes = new Map<string, Gate>();
  const holds = new Set<{ readonly match: PodMatch; readonly gate: Gate }>();
  const links = createMountLinks(directory);
  const gateOf = (node: string): Gate => {
    const gate = nodes.get(node) ?? createGate();
    nodes.set(node, gate);
    return gate;
  };
  const eachOf = (match: PodMatch, act: (worker: PodWorker) => void): void => {
    const found = [...workers.values()].filter(({ pod }) => matchesPod(match, pod));
    if (found.length === 0) {
      const running = [...workers.values()].map(({ pod }) => pod.metadata.name).join(", ") || "none";
      throw new KubeSandboxError("unknown_pod", `no pod that runs here matches; these run: ${running}`);
    }
    for (const { worker } of found) act(worker);
  };
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

  const startProcess = (pod: Pod, reporter: PodReporter): PodWorker => {
    const { uid, namespace = "" } = pod.metadata;
    return runProcessPod({
      host,
      pod,
      reporter,
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
    const gate = createGate(gateOf(pod.spec.nodeName ?? ""));
    const reporter = createPodReporter(context, pod, gate);
    const worker =
      scripted === undefined
        ? startProcess(pod, reporter)
        : runScriptedPod(context, { pod, reporter, node: gate }, scripted.script, hooks);
    workers.set(uid, { pod, worker, gate, stopping: false });
  };

  const stop = (pod: Pod, graceSec: number): void => {
    const running = workers.get(pod.metadata.uid);
    if (running === undefined || running.stopping) return;
    running.stopping = true;
    const held = [...holds].find(({ match }) => matchesPod(match, pod))?.gate;
    running.gate.pass(() => (held ?? running.gate).pass(() => running.worker.stop(graceSec)));
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
    oomKill: (match, container) => eachOf(match, (worker) => worker.oomKill(container)),
    evict: (match, message = lowMemory) => eachOf(match, (worker) => worker.evict(message)),
    keepTerminating(match) {
      const gate = createGate();
      gate.shut();
      const hold = { match, gate };
      holds.add(hold);
      return {
        release() {
          holds.delete(hold);
          gate.open();
        },
      };
    },
    gateOf,
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
