import type { CoreV1Event, V1Job, V1Pod } from "@kubernetes/client-node";
import type { Clock } from "../clock.ts";
import { type Facts, type ObservedFiles, type ObservedPod, recordOf } from "../outcome/facts.ts";
import type { RunFiles } from "../run-files.ts";

/** All that has been heard of a run's Job, pods, events and files. Decides nothing. */
export interface Observations {
  facts(): Facts;
  readonly job: V1Job;
  readonly jobRemovedAt: number | null;
  readonly podNames: readonly string[];
  /** The UIDs that events may be about. */
  readonly subjects: readonly string[];
  /** False for one that is older than what is known. */
  jobChanged(job: V1Job): boolean;
  jobRemoved(): void;
  podChanged(pod: V1Pod, removedAt: number | null): void;
  filesSeen(seen: Parameters<Parameters<RunFiles["observe"]>[0]>[0]): void;
  eventsRead(events: readonly CoreV1Event[]): void;
}

export function createObservations(options: {
  job: V1Job;
  clock: Clock;
  resumedAt: number;
  bounds: Facts["bounds"];
  container: string;
  healthySince: () => number | null;
}): Observations {
  const { clock, bounds, container } = options;
  const pods = new Map<string, ObservedPod>();
  const followedSince = clock.now();
  let { job, resumedAt } = options;
  let jobRemovedAt: number | null = null;
  let files: ObservedFiles = { started: false, startedSeenAt: null, record: null, recordSeenAt: null };
  let events: readonly CoreV1Event[] | null = null;

  return {
    get job() {
      return job;
    },
    get jobRemovedAt() {
      return jobRemovedAt;
    },
    get podNames() {
      return [...pods.values()].map(({ pod }) => pod.metadata?.name ?? "");
    },
    get subjects() {
      return [job.metadata?.uid ?? "", ...pods.keys()];
    },
    facts: () => {
      const observed = [...pods.values()];
      const apiHealthySince = options.healthySince();
      return {
        ...{ job, jobRemovedAt, pods: observed, events },
        files: { ...files, record: recordOf(files.record, observed) },
        ...{ apiHealthy: apiHealthySince !== null, apiHealthySince },
        ...{ now: clock.now(), followedSince, resumedAt, bounds, container },
      };
    },
    jobChanged: (changed) => {
      // The watch may still tell of the time before the resume that this process itself has asked for.
      if ((changed.metadata?.generation ?? 0) < (job.metadata?.generation ?? 0)) return false;
      if (job.spec?.suspend && !changed.spec?.suspend) resumedAt = clock.now();
      job = changed;
      // A UID never comes back: it was never gone, and the list that lacked it was a stale one.
      jobRemovedAt = null;
      return true;
    },
    jobRemoved: () => {
      jobRemovedAt ??= clock.now();
    },
    podChanged: (pod, removedAt) => {
      const uid = pod.metadata?.uid ?? "";
      // Another pod has events of its own.
      if (!pods.has(uid)) events = null;
      pods.set(uid, { pod, removedAt });
    },
    filesSeen: (seen) => {
      files = {
        ...seen,
        startedSeenAt: seen.started ? (files.startedSeenAt ?? clock.now()) : null,
        recordSeenAt: seen.record ? (files.recordSeenAt ?? clock.now()) : null,
      };
    },
    eventsRead: (read) => {
      events = read;
    },
  };
}
