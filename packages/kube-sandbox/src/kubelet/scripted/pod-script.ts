import type { Condition, KubeObject, Pod, PodPhase } from "../../resources/objects.ts";

/** Which pods a script plays; what is left out matches everything. */
export interface PodMatch {
  readonly namespace?: string;
  readonly name?: string | RegExp;
  /** Labels that the pod must have. */
  readonly labels?: Readonly<Record<string, string>>;
  /** An image that one of its containers must have. */
  readonly image?: string;
}

/** How a container ended. */
export interface Termination {
  /** 0 by default; 128 + n for signal n. */
  readonly exitCode?: number;
  /** `Completed` or `Error` by default; `OOMKilled` and others on demand. */
  readonly reason?: string;
  readonly message?: string;
  /** The container that ended, which may be an init container; all others that have not by default. */
  readonly container?: string;
}

/** What a script can do with its pod. Each call is visible through the API at once. */
export interface PodControls {
  /** The pod as it is now, undefined when it is gone. */
  readonly pod: Pod | undefined;
  /** Aborted when the pod is deleted: the SIGTERM of a scripted pod. */
  readonly signal: AbortSignal;
  /** Resolves after `ms` on the sandbox's clock, or as soon as the pod is deleted. */
  wait(ms: number): Promise<void>;
  /** Every container waits, for this reason (`ErrImagePull`, `CreateContainerConfigError` …). */
  setWaiting(reason: string, message?: string): void;
  /** Every container that has not ended runs. */
  setRunning(): void;
  /** Containers have ended; the pod's phase follows when all have, or when an init container has failed. */
  terminate(termination?: Termination): void;
  setPhase(phase: PodPhase, reason?: string, message?: string): void;
  /** Adds or replaces a condition. */
  addCondition(condition: Pick<Condition, "type" | "status"> & Partial<Condition>): void;
  /** The kubelet evicts the pod: `DisruptionTarget`, phase `Failed`, reason `Evicted`. */
  evict(message: string): void;
  /** A container is killed for using too much memory: 137, `OOMKilled`. */
  oomKill(container?: string): void;
  /** The node is lost: nothing that the pod does is seen, and its deletion is not confirmed, until it is back. */
  loseNode(): { recover(): void };
  /** Adds text to a container's log; to the first one's by default. */
  log(text: string, container?: string): void;
  event(reason: string, message: string, type?: "Normal" | "Warning"): void;
  /** The pod lives on after its deletion, until its grace is over or the script ends it. */
  ignoreTermination(): void;
}

/** Plays a pod. Errors end it as `Error` with exit code 1. */
export type PodScript = (pod: Pod, controls: PodControls) => void | Promise<void>;

/** Whether a pod is one that a script is meant for. */
export function matchesPod(match: PodMatch, object: KubeObject): boolean {
  const pod = object as Pod;
  const { name, namespace, labels = {} } = pod.metadata;
  return (
    (match.namespace === undefined || match.namespace === namespace) &&
    (match.name === undefined ||
      (typeof match.name === "string" ? match.name === name : match.name.test(name))) &&
    Object.entries(match.labels ?? {}).every(([key, value]) => labels[key] === value) &&
    (match.image === undefined || pod.spec.containers.some((container) => container.image === match.image))
  );
}
