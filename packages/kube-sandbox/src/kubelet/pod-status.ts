// How a kubelet writes what it knows into a pod's status. All functions edit a draft in place.
import type { Condition, Container, ContainerState, ContainerStatus, Pod } from "../resources/objects.ts";
import { isTerminal } from "../resources/parts.ts";

function freshStatus(container: Container, reason: string): ContainerStatus {
  return {
    name: container.name,
    state: { waiting: { reason } },
    lastState: {},
    ready: false,
    restartCount: 0,
    image: container.image ?? "",
    imageID: "",
    started: false,
  };
}

/** The first status that a kubelet writes: it has the pod, and creates its containers. */
export function beginPod(pod: Pod, hostIP: string, now: string): void {
  const { status, spec } = pod;
  const init = spec.initContainers ?? [];
  status.startTime ??= now;
  status.hostIP = hostIP;
  status.hostIPs = [{ ip: hostIP }];
  if (init.length > 0) status.initContainerStatuses = init.map((one) => freshStatus(one, "PodInitializing"));
  const reason = init.length > 0 ? "PodInitializing" : "ContainerCreating";
  status.containerStatuses = spec.containers.map((one) => freshStatus(one, reason));
  refreshConditions(pod, now);
}

export function statusOf(pod: Pod, container: string): ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status;
  return [...containerStatuses, ...initContainerStatuses].find((status) => status.name === container);
}

/** Sets a container's state, and what follows from it for the pod. */
export function setContainerState(pod: Pod, container: string, state: ContainerState, now: string): void {
  const status = statusOf(pod, container);
  if (status === undefined) return;
  const init = pod.status.initContainerStatuses?.includes(status) === true;
  status.state = state;
  status.started = state.running !== undefined;
  status.ready = init ? state.terminated?.exitCode === 0 : state.running !== undefined;
  if (state.waiting === undefined) {
    status.containerID ??= state.terminated?.containerID ?? `sandbox://${pod.metadata.uid}/${container}`;
    status.imageID = `sandbox://${status.image}`;
    if (state.terminated !== undefined) state.terminated.containerID ??= status.containerID;
    status.resources = {};
  }
  if (!init && state.running !== undefined && pod.status.phase === "Pending") pod.status.phase = "Running";
  refreshConditions(pod, now);
}

type Wanted = Pick<Condition, "type" | "status" | "reason" | "message">;

function initialized(pod: Pod, ended: boolean): Wanted {
  const incomplete = (pod.status.initContainerStatuses ?? [])
    .filter((status) => !status.ready)
    .map((status) => status.name);
  if (incomplete.length === 0) {
    const completed =
      ended && pod.status.containerStatuses?.every((status) => status.state.terminated?.exitCode === 0);
    return { type: "Initialized", status: "True", ...(completed ? { reason: "PodCompleted" } : {}) };
  }
  const message = `containers with incomplete status: [${incomplete.join(" ")}]`;
  return { type: "Initialized", status: "False", reason: "ContainersNotInitialized", message };
}

function readiness(pod: Pod, type: string): Wanted {
  const statuses = pod.status.containerStatuses ?? [];
  const unready = statuses.filter((status) => !status.ready).map((status) => status.name);
  if (unready.length === 0) return { type, status: "True" };
  if (statuses.every((status) => status.state.terminated !== undefined)) {
    const good = statuses.every((status) => status.state.terminated?.exitCode === 0);
    return { type, status: "False", reason: good ? "PodCompleted" : "PodFailed" };
  }
  if (isTerminal(pod))
    return { type, status: "False", reason: pod.status.phase === "Succeeded" ? "PodCompleted" : "PodFailed" };
  const message = `containers with unready status: [${unready.join(" ")}]`;
  return { type, status: "False", reason: "ContainersNotReady", message };
}

/** Works out the pod's conditions from its containers; times move only where a status does. */
export function refreshConditions(pod: Pod, now: string): void {
  const before = new Map((pod.status.conditions ?? []).map((condition) => [condition.type, condition]));
  const ended = (pod.status.containerStatuses ?? []).every((status) => status.state.terminated !== undefined);
  const generation = pod.metadata.generation ?? 1;
  const ready = pod.status.podIP !== undefined && !isTerminal(pod);
  const wanted: Wanted[] = [
    { type: "PodReadyToStartContainers", status: ready ? "True" : "False" },
    initialized(pod, ended),
    readiness(pod, "Ready"),
    readiness(pod, "ContainersReady"),
    { type: "PodScheduled", status: "True" },
  ];
  const known = new Set(wanted.map((condition) => condition.type));
  const conditions = wanted.map((next): Condition => {
    const old = before.get(next.type);
    const changed = old?.status !== next.status;
    const { type, status, reason, message } = next;
    return {
      type,
      observedGeneration: generation,
      status,
      lastProbeTime: null,
      lastTransitionTime: changed ? now : (old?.lastTransitionTime ?? now),
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
    };
  });
  const others = (pod.status.conditions ?? []).filter((condition) => !known.has(condition.type));
  pod.status.conditions = [...others, ...conditions];
  pod.status.observedGeneration = generation;
}

/** The phase that follows from the containers' ends. */
export function setEndPhase(pod: Pod, now: string): void {
  const all = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
  const good = all.every((status) => status.state.terminated?.exitCode === 0);
  pod.status.phase = good ? "Succeeded" : "Failed";
  refreshConditions(pod, now);
}

/** An eviction by the node; only one that the node's own trouble caused is a disruption (recorded, 1.34). */
export function setEvicted(pod: Pod, message: string, now: string): void {
  pod.status.phase = "Failed";
  pod.status.reason = "Evicted";
  pod.status.message = message;
  if (/^The node (was low|had condition)/.test(message)) {
    const others = (pod.status.conditions ?? []).filter((one) => one.type !== "DisruptionTarget");
    const why = { reason: "TerminationByKubelet", message } as const;
    const disrupted = { type: "DisruptionTarget", status: "True", lastProbeTime: null, ...why } as const;
    pod.status.conditions = [...others, { ...disrupted, lastTransitionTime: now }];
  }
  refreshConditions(pod, now);
}
