import type { V1Job, V1Pod } from "@kubernetes/client-node";
import type { KubeTransport } from "./api/kube-transport.ts";
import type { Clock } from "./clock.ts";
import { type Reflector, startReflector } from "./reflector/reflector.ts";
import type { Store } from "./reflector/store.ts";
import type { FedRun } from "./supervised-run.ts";

/** The one watch of Jobs and the one of Pods that all runs of a process share. */
export interface Watches {
  readonly jobs: Store<V1Job>;
  /** Resolves once both lists are there; rejects as `Reflector.whenSynced` does. */
  whenSynced(withinMs: number): Promise<void>;
  healthy(): boolean;
  lastHeard(): number | null;
  /** Tells a run that has just been taken up what the watches know already. */
  catchUp(run: FedRun): void;
  /** Resolves when one of these Jobs changes or goes, after a `nudge`, after `ms`, or when `signal` aborts. */
  changeOf(jobs: readonly V1Job[], ms: number, signal: AbortSignal | undefined): Promise<void>;
  nudge(): void;
  close(): void;
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
  const nudge = (uid: string | null) => {
    for (const listener of [...waiting]) listener(uid);
  };

  jobs.store.subscribe(({ kind, object }) => {
    const uid = object.metadata?.uid ?? "";
    const run = runs.get(uid);
    if (kind === "set") run?.jobChanged(object);
    else run?.jobRemoved();
    nudge(uid);
  });
  pods.store.subscribe(({ kind, object }) => {
    const run = runs.get(ownerOf(object));
    if (kind === "set") run?.podChanged(object);
    else run?.podRemoved(object);
  });
  const reconsiderAll = () => {
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
  // The sweep looks at the store, so it costs no list of its own.
  void whenSynced(Number.MAX_SAFE_INTEGER).then(options.onFirstSync, () => {});

  return {
    jobs: jobs.store,
    whenSynced,
    healthy: () => jobs.healthy() && pods.healthy(),
    lastHeard: () => jobs.lastHeard(),
    catchUp: (run) => {
      const job = jobs.store.get(run.uid);
      if (job) run.jobChanged(job);
      for (const pod of pods.store.values()) if (ownerOf(pod) === run.uid) run.podChanged(pod);
      run.reconsider();
    },
    changeOf: (wanted, ms, signal) =>
      new Promise((resolve) => {
        const uids = new Set(wanted.map((job) => job.metadata?.uid));
        const done = () => {
          cancel();
          waiting.delete(listener);
          signal?.removeEventListener("abort", done);
          resolve();
        };
        const listener = (uid: string | null) => {
          if (uid === null || uids.has(uid)) done();
        };
        const cancel = clock.schedule(done, ms);
        waiting.add(listener);
        signal?.addEventListener("abort", done, { once: true });
        if (signal?.aborted) done();
      }),
    nudge: () => nudge(null),
    close: () => {
      jobs.close();
      pods.close();
    },
  };
}

function ownerOf(pod: V1Pod): string {
  return pod.metadata?.ownerReferences?.find((owner) => owner.controller)?.uid ?? "";
}
