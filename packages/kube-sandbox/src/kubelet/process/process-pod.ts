// The life of a process pod: mount → init containers in order → containers → end → unmount.
import { chown, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Container, ContainerState, Pod } from "../../resources/objects.ts";
import { type ContainerLog, createContainerLog } from "../container-log.ts";
import type { PodReporter } from "../pod-reporter.ts";
import { setContainerState, setEndPhase, setEvicted } from "../pod-status.ts";
import type { PodWorker } from "../pod-worker.ts";
import { type MountLinks, MountProblem } from "../volumes/mount-links.ts";
import { mountVolumes } from "../volumes/mount-volumes.ts";
import type { VolumeFolders } from "../volumes/volume-folders.ts";
import type { ContainerProcess } from "./container-process.ts";
import type { ValueSources } from "./environment.ts";
import { type ProcessHost, startContainer } from "./process-container.ts";
import { takeTerminationMessage } from "./termination-message.ts";
import { unsupportedFeatures } from "./unsupported.ts";

/** The kubelet gives every container at least this, also one that is deleted by force (measured: 3 s in all). */
const shortestGraceSec = 2;

/** What a process pod needs besides its spec. */
export interface ProcessPodOptions {
  readonly host: ProcessHost;
  readonly pod: Pod;
  readonly reporter: PodReporter;
  readonly folders: VolumeFolders;
  readonly links: MountLinks;
  readonly sources: ValueSources;
  /** Where a container's output is kept. */
  readonly keepLog: (container: string, log: ContainerLog) => void;
  /** Calls back when a Secret or ConfigMap of the namespace changes; returns how to stop. */
  readonly onConfigChange: (callback: () => void) => () => void;
  /** Called once, when nothing of the pod is left. */
  readonly onEnd: () => void;
}

/** Runs a pod that was given to this node. */
export function runProcessPod(options: ProcessPodOptions): PodWorker {
  const { host, pod, reporter, folders, links, sources } = options;
  const { timers, delays } = host.context;
  const running = new Map<string, ContainerProcess>();
  const oomKilled = new Set<string>();
  const lastStates = new Map<string, ContainerState>();
  const starting = new Set<Promise<unknown>>();
  const wakers = new Set<() => void>();
  let stopped = false;
  let evicted: string | undefined;

  const wake = (): void => {
    for (const waker of [...wakers]) waker();
  };
  const killAll = (): void => {
    for (const container of running.values()) container.kill();
  };
  const retry = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        cancel();
        unsubscribe();
        wakers.delete(done);
        resolve();
      };
      const cancel = timers.after(ms, done);
      const unsubscribe = options.onConfigChange(done);
      wakers.add(done);
      if (stopped) done();
    });

  const mount = async (): Promise<void> => {
    const uid = pod.spec.containers[0]?.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser;
    const home = join(folders.podFolder, "home");
    await mkdir(home, { recursive: true });
    if (host.asRoot && uid !== undefined) await chown(home, uid, pod.spec.securityContext?.runAsGroup ?? 0);
    while (!stopped) {
      try {
        return await mountVolumes(pod, folders, sources, links);
      } catch (error) {
        const message =
          error instanceof MountProblem ? error.message : `kube-sandbox could not mount: ${String(error)}`;
        reporter.event("FailedMount", message, { type: "Warning" });
        await retry(delays.retryMs);
      }
    }
  };

  /** A pull secret that is not there keeps no pod from trying. */
  const tellMissingPullSecrets = (): void => {
    const names = (pod.spec.imagePullSecrets ?? []).map(({ name }) => name);
    const missing = names.filter((name) => sources.secret(name) === undefined).join(", ");
    if (missing === "") return;
    const message = `Unable to retrieve some image pull secrets (${missing}); attempting to pull the image may not succeed.`;
    reporter.event("FailedToRetrieveImagePullSecret", message, { type: "Warning" });
  };

  /** Starts a container and waits for its end; true if it exited with 0. */
  const runContainer = async (container: Container, init: boolean): Promise<boolean> => {
    const log = createContainerLog(() => timers.now());
    options.keepLog(container.name, log);
    const { podFolder } = folders;
    const start = startContainer({
      ...{ host, reporter, container, init, podFolder, sources, log, retry },
      stopped: () => stopped,
    }).then((one) => {
      if (typeof one !== "string") running.set(container.name, one);
      return one;
    });
    starting.add(start);
    const started = await start.finally(() => starting.delete(start));
    if (typeof started === "string") {
      log.close();
      return false;
    }
    const startedAt = reporter.current()?.status;
    const status = [...(startedAt?.containerStatuses ?? []), ...(startedAt?.initContainerStatuses ?? [])];
    const since = status.find((one) => one.name === container.name)?.state.running?.startedAt;
    if (stopped) started.terminate();
    const exitCode = await started.ended;
    running.delete(container.name);
    const finishedAt = new Date(timers.now()).toISOString().replace(/\.\d+Z$/, "Z");
    await timers.wait(delays.containerStatusMs);
    const reason = oomKilled.has(container.name) ? "OOMKilled" : exitCode === 0 ? "Completed" : "Error";
    const message = await takeTerminationMessage(container, host.directory);
    const terminated = {
      exitCode,
      reason,
      ...(message === undefined ? {} : { message }),
      ...(since === undefined ? {} : { startedAt: since }),
      finishedAt,
    };
    // Of an evicted pod, the ends of its containers and its own are told together.
    if (evicted === undefined) reporter.container(container.name, { terminated });
    else lastStates.set(container.name, { terminated });
    return exitCode === 0;
  };

  const run = async (): Promise<void> => {
    await timers.wait(delays.startMs);
    const missing = unsupportedFeatures(pod);
    reporter.begin();
    while (missing.length > 0 && !stopped) {
      const message = `kube-sandbox cannot run this pod as processes: ${missing.join("; ")}`;
      reporter.event("FailedCreatePodSandBox", message, { type: "Warning" });
      await retry(delays.retryMs * 60);
    }
    await mount();
    if (!stopped) {
      tellMissingPullSecrets();
      reporter.edit((draft) => {
        draft.status.podIP = "127.0.0.1";
        draft.status.podIPs = [{ ip: "127.0.0.1" }];
      });
    }
    for (const container of pod.spec.initContainers ?? []) {
      if (stopped || !(await runContainer(container, true))) return;
    }
    if (stopped) return;
    await Promise.all(pod.spec.containers.map((container) => runContainer(container, false)));
  };

  const end = async (): Promise<void> => {
    await timers.wait(delays.phaseMs);
    reporter.edit((draft, now) => {
      for (const [name, state] of lastStates) setContainerState(draft, name, state, now);
      if (evicted === undefined) setEndPhase(draft, now);
      else setEvicted(draft, evicted, now);
    });
    await links.unmount(pod.metadata.uid);
    await rm(folders.podFolder, { recursive: true, force: true });
    options.onEnd();
    reporter.removed();
  };

  const whole = run()
    .catch((error: unknown) => {
      reporter.event("Failed", `kube-sandbox failed: ${String(error)}`, { type: "Warning" });
    })
    .then(end);

  const stop = (graceSec: number): void => {
    stopped = true;
    for (const container of running.values()) container.terminate();
    if (running.size > 0) {
      for (const { name } of pod.spec.containers)
        reporter.event("Killing", `Stopping container ${name}`, { container: name });
      const cancel = timers.after(Math.max(shortestGraceSec, graceSec) * 1000, killAll);
      void whole.then(cancel);
    }
    wake();
  };

  return {
    stop,
    oomKill(container) {
      for (const [name, process] of running) {
        if (container !== undefined && container !== name) continue;
        oomKilled.add(name);
        process.kill();
      }
    },
    evict(message) {
      evicted = message;
      reporter.event("Evicted", message, { type: "Warning" });
      stop(0);
    },
    async close() {
      stopped = true;
      wake();
      // What is just being started shows up in `running` when it has started.
      await Promise.all(starting);
      killAll();
      await Promise.all([...running.values()].map((container) => container.ended));
      await links.unmount(pod.metadata.uid);
    },
    kill() {
      stopped = true;
      killAll();
    },
  };
}
