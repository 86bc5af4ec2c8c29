import type { V1Job } from "@kubernetes/client-node";
import type { JobRun } from "@paperclip-k8s/job-manifest";
import type { KubeApi } from "../api/kube-api.ts";
import type { Clock } from "../clock.ts";
import type { IsElsewhere } from "../host-presence.ts";
import type { SupervisorOptions } from "../supervisor-options.ts";
import { type SweptJob, sweepJobs } from "./sweep.ts";

/** Collects what earlier hosts left, again and again. */
export interface Sweeper {
  sweep(): Promise<readonly SweptJob[]>;
  /** A Job has gone: the files of an orphan that a sweep has ended go after it. */
  jobRemoved(uid: string): void;
  close(): void;
}

/** What a sweep looks at. */
export interface SweepView {
  readonly jobs: readonly V1Job[];
  /** The runs that this process follows. */
  readonly followed: readonly JobRun[];
  /** Whether the view has been whole, and is up to date: else files of no known Job may be of a new one. */
  readonly isWhole: boolean;
}

const SWEEP_EVERY_MS = 600_000;

export function createSweeper(options: {
  api: KubeApi;
  clock: Clock;
  readRun: (job: V1Job) => JobRun | null;
  isFollowed: (job: V1Job) => boolean;
  elsewhere: (jobs: readonly V1Job[]) => Promise<IsElsewhere>;
  filesOf: SupervisorOptions["filesOf"];
  sweepFiles: SupervisorOptions["sweepFiles"];
  labelDomain: string;
  /** The watches' view, once they have synced or given up; null after `close()`. */
  view: () => Promise<SweepView | null>;
}): Sweeper {
  const { api, clock, readRun, filesOf, labelDomain } = options;
  /** Orphans that a sweep has ended, by UID: their writers may still write. */
  const ending = new Map<string, JobRun>();
  let cancelNext = () => {};

  async function sweep(): Promise<readonly SweptJob[]> {
    const view = await options.view();
    if (view === null) return [];
    cancelNext();
    cancelNext = clock.schedule(() => void sweep(), SWEEP_EVERY_MS);
    const { jobs, followed } = view;
    const isElsewhere = await options.elsewhere(jobs);
    const isFollowed = (job: V1Job) => options.isFollowed(job) || isElsewhere(job);
    const swept = await sweepJobs({ api, jobs, readRun, isFollowed, now: clock.now(), labelDomain });
    for (const { run, reason } of swept) {
      if (reason === "orphan_too_old") ending.set(run.uid, run);
      else await removeFiles(filesOf, run);
    }
    // A run that is followed needs its files also when its Job has gone.
    const known = [...jobs.map(readRun).filter((run) => run !== null), ...followed];
    if (view.isWhole) await options.sweepFiles?.(known).catch(() => {});
    return swept;
  }

  return {
    sweep,
    jobRemoved: (uid) => {
      const run = ending.get(uid);
      if (run && ending.delete(uid)) void removeFiles(filesOf, run);
    },
    close: () => cancelNext(),
  };
}

/** What cannot be removed stays; a sweep must not fail by it. */
async function removeFiles(filesOf: SupervisorOptions["filesOf"], run: JobRun): Promise<void> {
  try {
    await filesOf(run).remove();
  } catch {
    // The volume is away, or the files are another's: they are small, and nobody waits for them.
  }
}
