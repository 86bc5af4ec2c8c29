import type { CoreV1Event, V1Job, V1Pod } from "@kubernetes/client-node";
import type { JobRun } from "@paperclip-k8s/job-manifest";
import type { KubeApi } from "./api/kube-api.ts";
import { isKubeApiError } from "./api/kube-api-error.ts";
import { retrying } from "./api/retrying.ts";
import { type Clock, sleep } from "./clock.ts";
import type { FedRun, Liveness, RunProgress } from "./followed-run.ts";
import { isLive } from "./launch/guard.ts";
import { diagnose } from "./outcome/diagnose.ts";
import { type Facts, type ObservedFiles, type ObservedPod, recordOf } from "./outcome/facts.ts";
import type { Outcome, PhaseBounds, RunPhase } from "./outcome/outcome.ts";
import { ended } from "./outcome/verdict.ts";
import { writerState } from "./outcome/writer.ts";
import type { RunFiles } from "./run-files.ts";

/**
 * How a run goes on:
 *
 * | state    | on                                        | does                           | then     |
 * | -------- | ----------------------------------------- | ------------------------------ | -------- |
 * | watching | verdict pending or running                | tells the phase                | watching |
 * | watching | verdict ended, nothing can run any more   | tells the outcome              | ended    |
 * | watching | verdict ended, the pod may run (mustStop) | deletes the Job, in foreground | stopping |
 * | watching | `cancel()`                                | deletes the Job, in foreground | stopping |
 * | stopping | the writer is dead or never started       | tells the outcome              | ended    |
 * | stopping | grace and clean-up bounds have passed     | tells it as not confirmed      | ended    |
 */
type State =
  | { readonly name: "watching" }
  | { readonly name: "stopping"; readonly outcome: (facts: Facts) => Outcome; readonly giveUpAt: number }
  | { readonly name: "ended"; readonly outcome: Outcome };

export interface SuperviseOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly random: () => number;
  readonly job: V1Job;
  readonly run: JobRun;
  readonly files: RunFiles;
  readonly bounds: PhaseBounds;
  /** When the Job was resumed, in ms since the epoch. */
  readonly resumedAt: number;
  readonly container: string;
  /** Since when the watches work without a break, in ms since the epoch; null while they do not. */
  readonly healthySince: () => number | null;
  readonly lastHeard: () => number | null;
  /** The run's Job is gone, or finished and retained: another run of its key may work. */
  readonly onSettled: () => void;
}

/** How long a deletion that must happen is repeated, in ms; after that it is the sweep's. */
const DELETE_FOR_MS = 1_800_000;

export function superviseRun(options: SuperviseOptions): FedRun {
  const { api, clock, random, run, files, bounds } = options;
  const uid = options.job.metadata?.uid ?? "";
  const jobName = options.job.metadata?.name ?? "";
  const outcome = Promise.withResolvers<Outcome>();
  const observing = new AbortController();
  const listeners = new Set<(progress: RunProgress) => void>();
  const pods = new Map<string, ObservedPod>();
  let state: State = { name: "watching" };
  let job = options.job;
  let jobRemovedAt: number | null = null;
  let observed: ObservedFiles = { started: false, startedSeenAt: null, record: null, recordSeenAt: null };
  let resumedAt = options.resumedAt;
  let events: readonly CoreV1Event[] | null = null;
  let askAgainAt = 0;
  let progress: RunProgress = { phase: "scheduling", detail: null, podName: null };
  let cancelReview = () => {};
  let deletion: Promise<void> | null = null;
  let cleaning: Promise<unknown> | null = null;
  const followedSince = clock.now();
  const finished = Promise.withResolvers<void>();

  function facts(): Facts {
    return {
      job,
      jobRemovedAt,
      pods: [...pods.values()],
      events,
      files: { ...observed, record: recordOf(observed.record, [...pods.values()]) },
      apiHealthy: options.healthySince() !== null,
      apiHealthySince: options.healthySince(),
      now: clock.now(),
      followedSince,
      resumedAt,
      bounds,
      container: options.container,
    };
  }

  function reconsider(): void {
    cancelReview();
    const known = facts();
    if (state.name === "watching") watch(known);
    else if (state.name === "stopping") waitForDeath(known, state);
  }

  function watch(known: Facts): void {
    const verdict = diagnose(known);
    if (verdict.state === "ended") {
      if (verdict.mustStop) stop((later) => withRecord(verdict.outcome, later));
      else end(verdict.outcome);
      return;
    }
    show(verdict.phase, verdict.detail);
    if (verdict.needsEvents) askForEvents();
    if (verdict.reviewAt !== null) reviewAt(verdict.reviewAt);
  }

  function stop(outcomeOf: (facts: Facts) => Outcome): void {
    const patience = bounds.graceMs + SCRIPT_SLACK_MS + bounds.cleanupMs;
    state = { name: "stopping", outcome: outcomeOf, giveUpAt: clock.now() + patience };
    show("stopping", null);
    void remove("Foreground");
    reconsider();
  }

  function waitForDeath(known: Facts, stopping: Extract<State, { name: "stopping" }>): void {
    const writer = writerState(known);
    // "Never started" holds only once no pod can come any more: in the foreground the Job goes after its pods.
    const confirmed = writer === "dead" || (writer === "never_started" && jobRemovedAt !== null);
    if (confirmed || known.now >= stopping.giveUpAt)
      end({ ...stopping.outcome(known), writer: confirmed ? writer : "not_confirmed" });
    else reviewAt(stopping.giveUpAt);
  }

  function end(result: Outcome): void {
    state = { name: "ended", outcome: result };
    cancelReview();
    observing.abort();
    outcome.resolve(result);
  }

  function reviewAt(at: number): void {
    cancelReview = clock.schedule(reconsider, Math.max(at - clock.now(), 1));
  }

  function show(phase: RunPhase, detail: string | null): void {
    const podName = [...pods.values()].at(-1)?.pod.metadata?.name ?? null;
    if (progress.phase === phase && progress.detail === detail && progress.podName === podName) return;
    progress = { phase, detail, podName };
    for (const listener of [...listeners]) tell(listener);
  }

  /** The watches are every run's: one listener that throws must not break them. */
  function tell(listener: (progress: RunProgress) => void): void {
    try {
      listener(progress);
    } catch {
      // Progress is for show; whoever shows it has to tell of its own trouble.
    }
  }

  /** Only for a run in trouble, and not more often than once in a while: events are not watched. */
  function askForEvents(): void {
    if (events !== null || clock.now() < askAgainAt) return;
    askAgainAt = clock.now() + EVENTS_EVERY_MS;
    const subjects = [uid, ...pods.keys()];
    void Promise.all(subjects.map((subject) => api.listEvents(subject)))
      .then((lists) => {
        events = lists.flat();
        reconsider();
      })
      // Without the right to read events the verdict is later and has fewer words, that is all.
      .catch(() => {});
  }

  /** One deletion for whoever asks first; a later one of the same Job joins it. */
  function remove(propagation: "Foreground" | "Background"): Promise<void> {
    deletion ??= retrying({ clock, random, forMs: DELETE_FOR_MS }, async () => {
      try {
        await api.deleteJob(jobName, { propagation, preconditions: { uid } });
      } catch (error) {
        // Gone, or its name is another object's by now.
        if (!isKubeApiError(error, "not_found") && !isKubeApiError(error, "conflict")) throw error;
      }
    }).catch(() => {});
    return deletion;
  }

  async function cleanUp(how: { retainJob: boolean; patienceMs: number }): Promise<void> {
    const { writer } = await outcome.promise;
    cleaning ??= clean(how.retainJob, writer).then(options.onSettled);
    await Promise.race([cleaning, sleep({ clock, ms: how.patienceMs })]);
  }

  async function clean(retainJob: boolean, writer: Outcome["writer"]): Promise<void> {
    // In the foreground the Job is there, and counts as live, for as long as its pod is.
    const propagation = writer === "not_confirmed" ? "Foreground" : "Background";
    await Promise.all([
      retainJob ? retain() : jobRemovedAt === null ? remove(propagation) : null,
      writer === "not_confirmed" || retainJob ? null : files.remove().catch(() => {}),
    ]);
  }

  /** A retained Job keeps nothing secret, and counts as live until Kubernetes has seen its end as well. */
  async function retain(): Promise<void> {
    await retrying({ clock, random, forMs: DELETE_FOR_MS }, () => api.deleteSecret(jobName)).catch(() => {});
    if (jobRemovedAt === null && isLive(job)) await finished.promise;
  }

  function observePod(pod: V1Pod, removedAt: number | null): void {
    const podUid = pod.metadata?.uid ?? "";
    // Another pod has events of its own.
    if (!pods.has(podUid)) {
      events = null;
      askAgainAt = 0;
    }
    pods.set(podUid, { pod, removedAt });
    reconsider();
  }

  files.observe((seen) => {
    const recordSeenAt = seen.record ? (observed.recordSeenAt ?? clock.now()) : null;
    const startedSeenAt = seen.started ? (observed.startedSeenAt ?? clock.now()) : null;
    observed = { ...seen, startedSeenAt, recordSeenAt };
    reconsider();
  }, observing.signal);

  return {
    followedSince,
    uid,
    jobName,
    run,
    files,
    outcome: outcome.promise,
    onProgress: (listener) => {
      listeners.add(listener);
      tell(listener);
      return () => listeners.delete(listener);
    },
    liveness: () => livenessOf(state.name, facts(), options.lastHeard()),
    cancel: (message) => {
      // What has ended by itself keeps its own end, which comes within seconds.
      const hasEnded = writerState(facts()) === "dead";
      if (state.name === "watching" && !hasEnded) stop((later) => cancelledOutcome(later, message));
      return outcome.promise;
    },
    cleanUp,
    jobChanged: (changed) => {
      // The watch may still tell of the time before the resume that this process itself has asked for.
      if ((changed.metadata?.generation ?? 0) < (job.metadata?.generation ?? 0)) return;
      if (job.spec?.suspend && !changed.spec?.suspend) resumedAt = clock.now();
      job = changed;
      if (!isLive(job)) finished.resolve();
      reconsider();
    },
    jobRemoved: () => {
      jobRemovedAt ??= clock.now();
      finished.resolve();
      reconsider();
    },
    podChanged: (pod) => observePod(pod, null),
    podRemoved: (pod) => observePod(pod, clock.now()),
    reconsider,
  };
}

/** How often the events of a run in trouble are asked for while they cannot be read, in ms. */
const EVENTS_EVERY_MS = 60_000;
/** The pod's grace period is this much longer than the agent's, so that the record is always written. */
const SCRIPT_SLACK_MS = 10_000;

/** What became known of the end while the pod was being stopped. */
function withRecord(outcome: Outcome, facts: Facts): Outcome {
  const record = facts.files.record;
  return record
    ? { ...outcome, exitRecord: record, exitCode: record.status, signal: record.signal }
    : outcome;
}

function cancelledOutcome(facts: Facts, message: string): Outcome {
  const verdict = ended(facts, { kind: "cancelled" }, message);
  if (verdict.state !== "ended") throw new TypeError("unreachable: ended() gives an end");
  return verdict.outcome;
}

function livenessOf(state: State["name"], facts: Facts, lastHeard: number | null): Liveness {
  if (state === "ended") return { state: "terminal", verifiedAt: facts.now };
  if (facts.jobRemovedAt !== null) return { state: "gone", verifiedAt: facts.jobRemovedAt };
  return { state: facts.apiHealthy ? "alive" : "unknown", verifiedAt: lastHeard };
}
