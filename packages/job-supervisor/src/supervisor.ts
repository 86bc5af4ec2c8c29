import type { V1Job } from "@kubernetes/client-node";
import { CONTAINER_NAME, instanceSelector, type JobRun, readRun } from "@paperclip-k8s/job-manifest";
import { createKubeApi } from "./api/kube-api.ts";
import { KubeApiError } from "./api/kube-api-error.ts";
import { type SweptJob, sweepJobs } from "./cleanup/sweep.ts";
import { systemClock } from "./clock.ts";
import type { FedRun, SupervisedRun } from "./followed-run.ts";
import { concurrencyKey, isWaiting } from "./launch/guard.ts";
import { type LaunchStep, tryLaunch } from "./launch/launch.ts";
import { outcomeOfCreateError, refusedOutcome } from "./launch/refusal.ts";
import { turnstile } from "./launch/turnstile.ts";
import { timeOf } from "./outcome/facts.ts";
import type { Outcome } from "./outcome/outcome.ts";
import type { RunFiles } from "./run-files.ts";
import { superviseRun } from "./supervised-run.ts";
import type { LaunchRequest, LaunchResult, SupervisorOptions } from "./supervisor-options.ts";
import { startWatches, type Watches } from "./watches.ts";

/** Launches Jobs and follows them to their end, for every run of a process in one namespace and instance. */
export interface JobSupervisor {
  /** Launches a run, or takes over the Job that an earlier host left for it. Never throws for what a cluster can do. */
  launch(request: LaunchRequest): Promise<LaunchResult>;
  /** Collects what earlier hosts left. Runs by itself once the watches work, and every 10 minutes. */
  sweep(): Promise<readonly SweptJob[]>;
  /** Stops watching; live Jobs go on, for the next host to find. */
  close(): void;
}

type BusyStep = Extract<LaunchStep, { kind: "busy" }>;

/** How long the first list may take before a run is refused, in ms. */
const SYNC_WITHIN_MS = 60_000;
const SWEEP_EVERY_MS = 600_000;
/** How often a run that waits for a suspended Job tries again, in ms. */
const LOOK_AGAIN_MS = 45_000;

export function createJobSupervisor(options: SupervisorOptions): JobSupervisor {
  const { transport, namespace, labelDomain, filesOf, clock = systemClock, random = Math.random } = options;
  const { orphanMaxAgeMs = 86_400_000 } = options;
  const api = createKubeApi({ transport, namespace });
  const runs = new Map<string, FedRun>();
  const turn = turnstile();
  const isFollowed = (job: V1Job) => runs.has(job.metadata?.uid ?? "");
  const readJobRun = (job: V1Job) => readRun(job, labelDomain);
  let watches: Watches | null = null;
  let cancelSweep = () => {};

  /** The watches begin with the first run: a host that runs none costs the API server nothing. */
  function watching(): Watches {
    watches ??= startWatches({
      transport,
      namespace,
      clock,
      random,
      labelSelector: instanceSelector(options),
      runs,
      onFirstSync: () => void sweep(),
      onRemoved: (uid) => void endedOrphans.removed(uid),
    });
    return watches;
  }

  const endedOrphans = createEndedOrphans(filesOf);

  async function launch(request: LaunchRequest): Promise<LaunchResult> {
    const { signal } = request;
    const giveUpAt = clock.now() + request.busyWaitMs;
    const watched = watching();
    try {
      await unlessAborted(watched.whenSynced(SYNC_WITHIN_MS), signal);
    } catch (error) {
      return { kind: "refused", outcome: outcomeOfCreateError(error, namespace) };
    }
    for (;;) {
      // Noted before anybody is asked, so that a Job that ends right after the answer is not waited for.
      const noted = watched.noteEnds();
      const step = await launchInTurn(request, watched);
      noted.stop();
      if (step.kind !== "busy") return step;
      if (clock.now() >= giveUpAt)
        return refuse({ kind: "blocked" }, blockedMessage(step.blockers, request.busyWaitMs));
      request.onWaiting?.(step.blockers.map((job) => job.metadata?.name ?? ""));
      // A launch that a dead host left never ends: it is looked at again until it counts as abandoned.
      const again = step.blockers.some(isWaiting) ? LOOK_AGAIN_MS : Number.POSITIVE_INFINITY;
      const ms = Math.min(giveUpAt - clock.now(), again);
      await watched.endOf({ jobs: step.blockers, ms, signal, noted });
    }
  }

  /** One try of a key at a time in this process: runs that know of each other need no guard to tell them. */
  async function launchInTurn(request: LaunchRequest, watched: Watches): Promise<LaunchResult | BusyStep> {
    const { signal } = request;
    const key = concurrencyKey(request.spec.identity, request.concurrency);
    const leave = await turn.enter(key, signal);
    if (leave === null || signal?.aborted) {
      leave?.();
      return refuse({ kind: "cancelled" }, "The run was cancelled before its Job was made.");
    }
    try {
      const here = followedWith(request);
      if (here.length > 0) return { kind: "busy", blockers: here };
      const { endOf } = watched;
      const step = await tryLaunch({ api, clock, random, namespace, isFollowed, endOf }, request);
      if (step.kind === "orphan") return attach(step.job, request);
      if (step.kind !== "resumed") return step;
      return { kind: "launched", run: follow(step.job, request, request.files, clock.now()) };
    } finally {
      leave();
    }
  }

  /** Jobs of the same key that runs of this process follow: they are live, and asking costs nothing. */
  function followedWith(request: LaunchRequest): V1Job[] {
    const key = concurrencyKey(request.spec.identity, request.concurrency);
    if (key === null) return [];
    const same = [...runs.values()].filter(
      (run) => concurrencyKey(run.run.identity, request.concurrency) === key,
    );
    return same.map((run) => ({ metadata: { name: run.jobName, uid: run.uid } }));
  }

  function attach(job: V1Job, request: LaunchRequest): LaunchResult {
    const orphan = readJobRun(job);
    if (orphan === null)
      return refuse({ kind: "state_mismatch" }, "The live Job of this agent cannot be read.");
    const resumedAt = timeOf(job.status?.startTime) ?? timeOf(job.metadata?.creationTimestamp) ?? clock.now();
    return { kind: "attached", run: follow(job, request, filesOf(orphan), resumedAt), orphan };
  }

  function follow(job: V1Job, request: LaunchRequest, files: RunFiles, resumedAt: number): SupervisedRun {
    const run = readJobRun(job);
    if (run === null) throw new TypeError("unreachable: a Job that was launched or read can be read");
    const uid = job.metadata?.uid ?? "";
    const fed = superviseRun({
      api,
      clock,
      random,
      job,
      run,
      files,
      bounds: request.bounds,
      resumedAt,
      container: CONTAINER_NAME,
      // Not `watching()`: what goes on after `close()` must not begin to watch again.
      healthySince: () => watches?.healthySince() ?? null,
      lastHeard: () => watches?.lastHeard() ?? null,
      onSettled: () => {
        runs.delete(uid);
        watches?.nudge();
      },
    });
    runs.set(uid, fed);
    watches?.catchUp(fed);
    return fed;
  }

  async function sweep(): Promise<readonly SweptJob[]> {
    const watched = watching();
    const synced = await watched.whenSynced(SYNC_WITHIN_MS).then(
      () => true,
      () => false,
    );
    if (watched !== watches) return [];
    cancelSweep();
    cancelSweep = clock.schedule(() => void sweep(), SWEEP_EVERY_MS);
    const jobs = [...watched.jobs.values()];
    const now = clock.now();
    const swept = await sweepJobs({ api, jobs, readRun: readJobRun, isFollowed, now, orphanMaxAgeMs });
    for (const { run, reason } of swept) {
      // The writer of an orphan that is only now being ended may still write.
      if (reason === "orphan_too_old") endedOrphans.add(run);
      else await removeFiles(filesOf, run);
    }
    // A view that has never been whole knows of no Job, and every file would look like nobody's.
    // Nor does a stale one of a new Job; and a run that is followed needs its files also when its Job has gone.
    if (synced && watched.healthySince() !== null) {
      const followed = [...runs.values()].map(({ run }) => run);
      const known = jobs.map(readJobRun).filter((run) => run !== null);
      await options.sweepFiles?.([...known, ...followed]).catch(() => {});
    }
    return swept;
  }

  return {
    launch,
    sweep,
    close: () => {
      cancelSweep();
      watches?.close();
      watches = null;
    },
  };
}

/** Orphans that a sweep has ended: their files go when their Job has gone, after its pods. */
function createEndedOrphans(filesOf: SupervisorOptions["filesOf"]) {
  const byUid = new Map<string, JobRun>();
  return {
    add: (run: JobRun) => void byUid.set(run.uid, run),
    removed: async (uid: string) => {
      const run = byUid.get(uid);
      if (!run || !byUid.delete(uid)) return;
      await removeFiles(filesOf, run);
    },
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

/** The promise, or at once an error when `signal` aborts. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(new KubeApiError({ code: "aborted", message: "The run was cancelled." }));
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function refuse(...args: Parameters<typeof refusedOutcome>): { kind: "refused"; outcome: Outcome } {
  return { kind: "refused", outcome: refusedOutcome(...args) };
}

function blockedMessage(blockers: readonly V1Job[], waitedMs: number): string {
  const names = blockers.map((job) => job.metadata?.name).join(", ");
  return `Another run of this agent is live (Job ${names}) and did not end within ${waitedMs / 1000} s.`;
}
