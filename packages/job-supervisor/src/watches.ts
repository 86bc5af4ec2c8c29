import type { V1Job, V1Pod } from "@kubernetes/client-node";
import type { KubeTransport } from "./api/kube-transport.ts";
import type { Clock } from "./clock.ts";
import type { FedRun } from "./followed-run.ts";
import { isLive } from "./launch/guard.ts";
import { jobOf, mayWork } from "./launch/stray-pods.ts";
import { type Reflector, startReflector } from "./reflector/reflector.ts";
import type { Store } from "./reflector/store.ts";

/** The one watch of Jobs and the one of Pods that all runs of a process share. */
export interface Watches {
  readonly jobs: Store<V1Job>;
  readonly pods: Store<V1Pod>;
  /** Resolves once both lists are there; rejects as `Reflector.whenSynced` does. */
  whenSynced(withinMs: number): Promise<void>;
  /** Since when both watches work without a break, in ms since the epoch; null while one does not. */
  healthySince(): number | null;
  lastHeard(): number | null;
  /** Tells a run that has just been taken up what the watches know already. */
  catchUp(run: FedRun): void;
  /** Notes which Jobs end or go from now on, so that none that does before somebody waits for it is missed. */
  noteEnds(): EndedJobs;
  /**
   * Resolves with true when one of these Jobs ends or goes, or has done so by `noted`, after a `nudge` and when
   * the watches work again; with false after `ms`, or when `signal` aborts.
   */
  endOf(options: {
    jobs: readonly V1Job[];
    ms: number;
    signal: AbortSignal | undefined;
    noted?: EndedJobs;
  }): Promise<boolean>;
  nudge(): void;
  close(): void;
}

/** The UIDs of Jobs that have ended or gone since the notes began. */
export interface EndedJobs {
  has(uid: string): boolean;
  stop(): void;
}

export function startWatches(options: {
  transport: KubeTransport;
  namespace: string;
  clock: Clock;
  random: () => number;
  labelSelector: string;
  /** The runs that are followed, by their Job's UID. */
  runs: ReadonlyMap<string, FedRun>;
  onFirstSync: () => void;
  onRemoved: (uid: string) => void;
}): Watches {
  const { transport, clock, random, labelSelector, runs } = options;
  const namespace = encodeURIComponent(options.namespace);
  const shared = { transport, clock, random, labelSelector };
  const jobs: Reflector<V1Job> = startReflector({
    ...shared,
    path: `/apis/batch/v1/namespaces/${namespace}/jobs`,
  });
  const pods: Reflector<V1Pod> = startReflector({ ...shared, path: `/api/v1/namespaces/${namespace}/pods` });
  const waiting = new Set<(uid: string | null) => void>();
  let healthySince: number | null = null;
  let hasSynced = false;
  const nudge = (uid: string | null) => {
    for (const listener of [...waiting]) listener(uid);
  };

  jobs.store.subscribe(({ kind, object }) => {
    const uid = object.metadata?.uid ?? "";
    const run = runs.get(uid);
    if (kind === "set") run?.jobChanged(object);
    else {
      run?.jobRemoved();
      options.onRemoved(uid);
    }
    if (kind === "removed" || !isLive(object)) nudge(uid);
  });
  pods.store.subscribe(({ kind, object }) => {
    const run = runs.get(jobOf(object));
    if (kind === "set") run?.podChanged(object);
    else run?.podRemoved(object);
    // Whoever waits for a pod whose Job has gone waits for this.
    if (kind === "removed" || !mayWork(object)) nudge(jobOf(object));
  });
  const reconsiderAll = () => {
    const healthy = jobs.healthy() && pods.healthy();
    healthySince = healthy ? (healthySince ?? clock.now()) : null;
    if (healthy && !hasSynced) {
      hasSynced = true;
      // The sweep looks at the store, so it costs no list of its own.
      options.onFirstSync();
    }
    // What waits for the end of a Job that came and went unheard of has to look for itself.
    if (healthy) nudge(null);
    for (const run of [...runs.values()]) {
      noticeMissing(run);
      run.reconsider();
    }
  };
  jobs.onHealth(reconsiderAll);
  pods.onHealth(reconsiderAll);

  /** A Job that came and went while nobody could hear of it is in no event; a whole list without it says it. */
  function noticeMissing(run: FedRun): void {
    const listedAt = jobs.lastListed();
    if (listedAt !== null && listedAt > run.followedSince && !jobs.store.get(run.uid)) run.jobRemoved();
  }

  const whenSynced = async (withinMs: number) => {
    await Promise.all([jobs.whenSynced(withinMs), pods.whenSynced(withinMs)]);
  };
  return {
    jobs: jobs.store,
    pods: pods.store,
    whenSynced,
    healthySince: () => healthySince,
    lastHeard: () => jobs.lastHeard(),
    catchUp: (run) => {
      const own = [...pods.store.values()].filter((pod) => jobOf(pod) === run.uid);
      run.catchUp({ job: jobs.store.get(run.uid), pods: own });
    },
    noteEnds: () => {
      const uids = new Set<string | null>();
      const listener = (uid: string | null) => uids.add(uid);
      waiting.add(listener);
      return { has: (uid) => uids.has(uid) || uids.has(null), stop: () => waiting.delete(listener) };
    },
    endOf: ({ jobs: wanted, ms, signal, noted }) =>
      new Promise((resolve) => {
        const uids = new Set(wanted.map((job) => job.metadata?.uid ?? ""));
        const done = (ended: boolean) => {
          cancel();
          waiting.delete(listener);
          signal?.removeEventListener("abort", giveUp);
          resolve(ended);
        };
        const giveUp = () => done(false);
        const listener = (uid: string | null) => {
          if (uid === null || uids.has(uid)) done(true);
        };
        const cancel = clock.schedule(giveUp, ms);
        waiting.add(listener);
        signal?.addEventListener("abort", giveUp, { once: true });
        if (signal?.aborted) giveUp();
        else if ([...uids].some((uid) => noted?.has(uid))) done(true);
      }),
    nudge: () => nudge(null),
    close: () => {
      jobs.close();
      pods.close();
    },
  };
}
