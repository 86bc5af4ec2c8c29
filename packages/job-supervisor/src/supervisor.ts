import { randomUUID } from "node:crypto";
import type { V1Job } from "@kubernetes/client-node";
import { CONTAINER_NAME, instanceSelector, readRun } from "@paperclip-k8s/job-manifest";
import { createKubeApi } from "./api/kube-api.ts";
import { KubeApiError } from "./api/kube-api-error.ts";
import type { SweptJob } from "./cleanup/sweep.ts";
import { createSweeper, type Sweeper } from "./cleanup/sweeper.ts";
import { systemClock } from "./clock.ts";
import type { FedRun, SupervisedRun } from "./followed-run.ts";
import { followedElsewhere, hostOf } from "./host-presence.ts";
import { concurrencyKey } from "./launch/guard.ts";
import { outcomeOfCreateError, refusedOutcome } from "./launch/refusal.ts";
import { turnstile } from "./launch/turnstile.ts";
import { type Launched, untilLaunched, type WaitEffects } from "./launch/until-launched.ts";
import { timeOf } from "./outcome/facts.ts";
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

/** How long the first list may take before a run is refused, in ms. */
const SYNC_WITHIN_MS = 60_000;

/** What the parts of a supervisor share: its settings, its connections and the runs that it follows. */
interface Household {
  readonly options: SupervisorOptions;
  readonly effects: Omit<WaitEffects, "key" | "followedHere" | "endOf" | "pods">;
  readonly runs: Map<string, FedRun>;
  readonly watching: () => Watches;
  /** Null before the first launch and after `close()`: what goes on then must not begin to watch again. */
  readonly watches: () => Watches | null;
}

export function createJobSupervisor(options: SupervisorOptions): JobSupervisor {
  const runs = new Map<string, FedRun>();
  const effects = effectsOf(options, runs);
  const closing = new AbortController();
  let watches: Watches | null = null;
  let isKept = false;

  /** The watches begin with the first run: a host that runs none costs the API server nothing. */
  function watching(): Watches {
    if (!isKept) options.presence?.keep(effects.hostId, closing.signal);
    isKept = true;
    watches ??= startWatches({
      ...{ transport: options.transport, namespace: options.namespace, runs },
      ...{ clock: effects.clock, random: effects.random, labelSelector: instanceSelector(options) },
      onFirstSync: () => void sweeper.sweep(),
      onRemoved: (uid) => sweeper.jobRemoved(uid),
    });
    return watches;
  }
  const household: Household = { options, effects, runs, watching, watches: () => watches };
  const sweeper = sweeperOf(household);

  return {
    launch: (request) => launch(household, request),
    sweep: sweeper.sweep,
    close: () => {
      closing.abort();
      sweeper.close();
      watches?.close();
      watches = null;
    },
  };
}

function effectsOf(options: SupervisorOptions, runs: ReadonlyMap<string, FedRun>): Household["effects"] {
  const { transport, namespace, labelDomain, filesOf, presence } = options;
  const { clock = systemClock, random = Math.random } = options;
  const hostId = randomUUID();
  return {
    ...{ clock, random, namespace, hostId, presence, filesOf },
    api: createKubeApi({ transport, namespace }),
    turn: turnstile(),
    isFollowed: (job) => runs.has(job.metadata?.uid ?? ""),
    elsewhere: (jobs) => followedElsewhere({ jobs, hostId, labelDomain, presence }),
  };
}

function sweeperOf({ options, effects, runs, watching, watches }: Household): Sweeper {
  const { labelDomain, filesOf, sweepFiles } = options;
  const { api, clock, isFollowed, elsewhere } = effects;
  return createSweeper({
    ...{ api, clock, isFollowed, elsewhere, filesOf, sweepFiles, labelDomain },
    readRun: (job) => readRun(job, labelDomain),
    view: async () => {
      const watched = watching();
      const synced = await watched.whenSynced(SYNC_WITHIN_MS).then(
        () => true,
        () => false,
      );
      if (watched !== watches()) return null;
      return {
        jobs: [...watched.jobs.values()],
        followed: [...runs.values()].map(({ run }) => run),
        isWhole: synced && watched.healthySince() !== null,
      };
    },
  });
}

async function launch(household: Household, request: LaunchRequest): Promise<LaunchResult> {
  const { effects, watching } = household;
  const watched = watching();
  try {
    await unlessAborted(watched.whenSynced(SYNC_WITHIN_MS), request.signal);
  } catch (error) {
    return { kind: "refused", outcome: outcomeOfCreateError(error, effects.namespace) };
  }
  const waitEffects: WaitEffects = {
    ...effects,
    key: concurrencyKey(request.spec.identity, request.concurrency),
    followedHere: () => followedHere(household, request),
    pods: () => watched.pods.values(),
    endOf: async (wanted) => void (await watched.endOf(wanted)),
  };
  return untilLaunched(waitEffects, request, {
    watched,
    follow: (step) => resultOf(household, request, step),
  });
}

function followedHere({ runs }: Household, request: LaunchRequest): ReturnType<WaitEffects["followedHere"]> {
  const { identity } = request.spec;
  const key = concurrencyKey(identity, request.concurrency);
  const keyed = key === null ? [] : [...runs.values()];
  const same = keyed.filter(({ run }) => concurrencyKey(run.identity, request.concurrency) === key);
  return {
    blockers: same.map((run) => ({ metadata: { name: run.jobName, uid: run.uid } })),
    isSameRun: same.some(
      ({ run }) => run.identity.runId === identity.runId && run.identity.attempt === identity.attempt,
    ),
  };
}

function resultOf(household: Household, request: LaunchRequest, step: Launched): LaunchResult {
  const { clock, filesOf } = household.effects;
  if (step.kind === "refused") return step;
  const { job } = step;
  if (step.kind === "resumed")
    return {
      kind: "launched",
      run: follow(household, { job, request, files: request.files, resumedAt: clock.now() }),
    };
  const orphan = readRun(job, household.options.labelDomain);
  if (orphan === null) {
    const message = "The live Job of this agent cannot be read.";
    return { kind: "refused", outcome: refusedOutcome({ kind: "state_mismatch" }, message) };
  }
  const resumedAt = timeOf(job.status?.startTime) ?? timeOf(job.metadata?.creationTimestamp) ?? clock.now();
  return {
    kind: "attached",
    run: follow(household, { job, request, files: filesOf(orphan), resumedAt }),
    orphan,
  };
}

function follow(
  { options, effects, runs, watches }: Household,
  taken: { job: V1Job; request: LaunchRequest; files: RunFiles; resumedAt: number },
): SupervisedRun {
  const { api, clock, random, hostId } = effects;
  const { job, request, files, resumedAt } = taken;
  const run = readRun(job, options.labelDomain);
  if (run === null) throw new TypeError("unreachable: a Job that was launched or read can be read");
  const uid = job.metadata?.uid ?? "";
  const fed = superviseRun({
    ...{ api, clock, random, job, run, files, resumedAt },
    bounds: request.bounds,
    container: CONTAINER_NAME,
    healthySince: () => watches()?.healthySince() ?? null,
    lastHeard: () => watches()?.lastHeard() ?? null,
    isAnothers: (seen) => ![null, hostId].includes(hostOf(seen, options.labelDomain)),
    onSettled: () => {
      runs.delete(uid);
      watches()?.nudge();
    },
  });
  runs.set(uid, fed);
  watches()?.catchUp(fed);
  return fed;
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
