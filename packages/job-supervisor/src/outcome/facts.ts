import type { CoreV1Event, V1ContainerStatus, V1Job, V1Pod, V1PodCondition } from "@kubernetes/client-node";
import type { ExitRecord } from "@paperclip-k8s/job-manifest";
import type { PhaseBounds } from "./outcome.ts";

/** Everything that a verdict rests on. `diagnose` reads nothing else. */
export interface Facts {
  /** The Job as last seen; undefined while it has not been seen. */
  readonly job: V1Job | undefined;
  /** When the Job was seen to be gone, in ms since the epoch; null while it is there. */
  readonly jobRemovedAt: number | null;
  /** The Job's pods as last seen, those that are gone included. */
  readonly pods: readonly ObservedPod[];
  /** Events about the Job and its pods; null while nobody has asked for them. */
  readonly events: readonly CoreV1Event[] | null;
  readonly files: ObservedFiles;
  /** Whether the watches work; without them nobody waits for what only they could tell. */
  readonly apiHealthy: boolean;
  /** Since when the watches work without a break, in ms since the epoch; null while they do not. */
  readonly apiHealthySince: number | null;
  readonly now: number;
  /** When this process took the run up, in ms since the epoch: nobody has looked at the files before. */
  readonly followedSince: number;
  /** When the Job was last resumed, by a host or by a queue, in ms since the epoch. */
  readonly resumedAt: number;
  readonly bounds: PhaseBounds;
  /** The name of the agent's container. */
  readonly container: string;
}

export interface ObservedPod {
  readonly pod: V1Pod;
  /** When the pod was seen to be gone, in ms since the epoch; null while it is there. */
  readonly removedAt: number | null;
}

/** What the run directory shows. */
export interface ObservedFiles {
  /** A pod has taken the run: its mark is there. */
  readonly started: boolean;
  /** When the mark was first seen, in ms since the epoch; null while it is not there. */
  readonly startedSeenAt: number | null;
  readonly record: ExitRecord | null;
  /** When the record was first seen whole, in ms since the epoch. */
  readonly recordSeenAt: number | null;
}

/**
 * The record, if it is this Job's. Another pod's is not the end of a pod that is still there: it may be what
 * the zombie of an earlier launch has written. Where no pod is there any more, or none was seen, it counts.
 */
export function recordOf(record: ExitRecord | null, pods: readonly ObservedPod[]): ExitRecord | null {
  if (record === null || pods.some(({ pod }) => pod.metadata?.uid === record.podUid)) return record;
  const isAnyThere = pods.some(
    ({ pod, removedAt }) => removedAt === null && !/Failed|Succeeded/.test(pod.status?.phase ?? ""),
  );
  return isAnyThere ? null : record;
}

/** Kubernetes' times are text on the wire and `Date` in the library's types. In ms since the epoch. */
export function timeOf(value: Date | string | undefined | null): number | null {
  if (value === undefined || value === null) return null;
  const time = value instanceof Date ? value.getTime() : Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

/** The pod that counts: the youngest that is still there, else the youngest that was. */
export function currentPod(facts: Facts): ObservedPod | undefined {
  const byAge = [...facts.pods].sort(
    (a, b) =>
      (timeOf(b.pod.metadata?.creationTimestamp) ?? 0) - (timeOf(a.pod.metadata?.creationTimestamp) ?? 0),
  );
  return byAge.find((pod) => pod.removedAt === null) ?? byAge[0];
}

export function agentStatus(facts: Facts, observed: ObservedPod | undefined): V1ContainerStatus | undefined {
  return observed?.pod.status?.containerStatuses?.find((status) => status.name === facts.container);
}

export function podCondition(observed: ObservedPod | undefined, type: string): V1PodCondition | undefined {
  return observed?.pod.status?.conditions?.find((condition) => condition.type === type);
}

/** A Job's condition that is true. */
export function jobCondition(job: V1Job | undefined, ...types: string[]) {
  return job?.status?.conditions?.find(
    (condition) => types.includes(condition.type) && condition.status === "True",
  );
}
