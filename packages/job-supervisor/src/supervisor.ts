import type { V1Job } from "@kubernetes/client-node";
import { CONTAINER_NAME, instanceSelector, readRun } from "@paperclip-k8s/job-manifest";
import { createKubeApi } from "./api/kube-api.ts";
import { type SweptJob, sweepJobs } from "./cleanup/sweep.ts";
import { systemClock } from "./clock.ts";
import { concurrencyKey } from "./launch/guard.ts";
import { type LaunchEffects, tryLaunch } from "./launch/launch.ts";
import { outcomeOfCreateError, refusedOutcome } from "./launch/refusal.ts";
import { turnstile } from "./launch/turnstile.ts";
import { timeOf } from "./outcome/facts.ts";
import type { Outcome } from "./outcome/outcome.ts";
import type { RunFiles } from "./run-files.ts";
import { type FedRun, type SupervisedRun, superviseRun } from "./supervised-run.ts";
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

/** How long the first list may take before a run is refused, in ms. */
const SYNC_WITHIN_MS = 60_000;
const SWEEP_EVERY_MS = 600_000;

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
    });
    return watches;
  }

  const effects: LaunchEffects = {
    api,
    clock,
    random,
    namespace,
    isFollowed,
    changeOf: (jobs, ms, signal) => watching().changeOf(jobs, ms, signal),
  };

  async function launch(request: LaunchRequest): Promise<LaunchResult> {
    try {
      await watching().whenSynced(SYNC_WITHIN_MS);
    } catch (error) {
      return { kind: "refused", outcome: outcomeOfCreateError(error, namespace) };
    }
    const key = concurrencyKey(request.spec.identity, request.concurrency);
    const leave = await turn.enter(key);
    try {
      return await launchInTurn(request);
    } finally {
      leave();
    }
  }

  /** One run of a key at a time in this process: runs that know of each other need no guard to tell them. */
  async function launchInTurn(request: LaunchRequest): Promise<LaunchResult> {
    const giveUpAt = clock.now() + request.busyWaitMs;
    for (;;) {
      if (request.signal?.aborted)
        return refuse({ kind: "cancelled" }, "The run was cancelled before its Job was made.");
      const here = followedWith(request);
      if (here.length === 0) {
        const step = await prepareAndTry(request);
        if (step.kind === "refused") return step;
        if (step.kind === "resumed")
          return { kind: "launched", run: follow(step.job, request, request.files, clock.now()) };
        if (step.kind === "orphan") return attach(step.job, request);
        here.push(...step.blockers);
      }
      if (clock.now() >= giveUpAt)
        return refuse({ kind: "blocked" }, blockedMessage(here, request.busyWaitMs));
      request.onWaiting?.(here.map((job) => job.metadata?.name ?? ""));
      await watching().changeOf(here, giveUpAt - clock.now(), request.signal);
    }
  }

  async function prepareAndTry(request: LaunchRequest) {
    const { files } = request;
    try {
      await files.prepare();
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      await files.remove().catch(() => {});
      return refuse(
        { kind: "start_failed", failure: "run_directory" },
        `The run directory cannot be made: ${said}`,
      );
    }
    const step = await tryLaunch(effects, request);
    if (step.kind !== "resumed") await files.remove().catch(() => {});
    return step;
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
      apiHealthy: () => watching().healthy(),
      lastHeard: () => watching().lastHeard(),
      onSettled: () => {
        runs.delete(uid);
        watching().nudge();
      },
    });
    runs.set(uid, fed);
    watching().catchUp(fed);
    return fed;
  }

  async function sweep(): Promise<readonly SweptJob[]> {
    cancelSweep();
    cancelSweep = clock.schedule(() => void sweep(), SWEEP_EVERY_MS);
    const jobs = [...watching().jobs.values()];
    const swept = await sweepJobs({
      api,
      jobs,
      readRun: readJobRun,
      isFollowed,
      now: clock.now(),
      orphanMaxAgeMs,
    });
    for (const { run, reason } of swept) {
      // The writer of an orphan that is only now being ended may still write; its files go with a later sweep.
      if (reason !== "orphan_too_old")
        await filesOf(run)
          .remove()
          .catch(() => {});
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

function refuse(...args: Parameters<typeof refusedOutcome>): { kind: "refused"; outcome: Outcome } {
  return { kind: "refused", outcome: refusedOutcome(...args) };
}

function blockedMessage(blockers: readonly V1Job[], waitedMs: number): string {
  const names = blockers.map((job) => job.metadata?.name).join(", ");
  return `Another run of this agent is live (Job ${names}) and did not end within ${waitedMs / 1000} s.`;
}
