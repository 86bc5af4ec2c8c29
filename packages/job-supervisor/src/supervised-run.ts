import type { V1Job } from "@kubernetes/client-node";
import type { JobRun } from "@paperclip-k8s/job-manifest";
import type { KubeApi } from "./api/kube-api.ts";
import { type Clock, sleep } from "./clock.ts";
import type { FedRun, Liveness } from "./followed-run.ts";
import { isLive } from "./launch/guard.ts";
import type { Facts } from "./outcome/facts.ts";
import type { Outcome, PhaseBounds } from "./outcome/outcome.ts";
import { createEventReader } from "./run/ask-for-events.ts";
import { createJobRemoval } from "./run/job-removal.ts";
import { createObservations } from "./run/observations.ts";
import { createProgressBoard } from "./run/progress.ts";
import {
  type Happened,
  onCancel,
  onCleanUp,
  patienceMs,
  type RunState,
  type StopReason,
  whatHappened,
} from "./run/what-happened.ts";
import type { RunFiles } from "./run-files.ts";
import { FOLLOW, type RunEffect, type RunHappening, type RunStateName, rowFor } from "./way-of-a-run.ts";

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
  /** Whether a Job, as it was last seen, has been taken over by another host. */
  readonly isAnothers: (job: V1Job) => boolean;
  /** The run's Job is gone, or finished and retained: another run of its key may work. */
  readonly onSettled: () => void;
}

/** Follows a Job along the table FOLLOW; what happens is decided in run/what-happened.ts. */
export function superviseRun(options: SuperviseOptions): FedRun {
  const { api, clock, random, run, files, bounds } = options;
  const { uid = "", name: jobName = "" } = options.job.metadata ?? {};
  const followedSince = clock.now();
  const outcome = Promise.withResolvers<Outcome>();
  const finished = Promise.withResolvers<void>();
  const observing = new AbortController();
  const board = createProgressBoard();
  const known = createObservations(options);
  const removal = createJobRemoval({ api, clock, random, jobName, uid });
  const events = createEventReader({
    api,
    clock,
    subjects: () => known.subjects,
    onRead: (read) => {
      known.eventsRead(read);
      reconsider();
    },
  });
  let state: RunState = { name: "watching" };
  let cancelReview = () => {};
  let cleaning: Promise<unknown> | null = null;

  /** What each effect of the table does. */
  const does: Readonly<Record<RunEffect, (happened: Happened) => unknown>> = {
    show: ({ phase, detail }) => board.show({ phase, detail, podName: known.podNames.at(-1) ?? null }),
    ask_for_events: () => events.ask(),
    review_later: ({ reviewAt }) => {
      if (reviewAt !== null) cancelReview = clock.schedule(reconsider, Math.max(reviewAt - clock.now(), 1));
    },
    tell_outcome: ({ outcome: told }) => {
      observing.abort();
      if (told) outcome.resolve(told);
    },
    delete_in_foreground: () => removal.job("Foreground"),
    delete_in_background: () => known.jobRemovedAt ?? removal.job("Background"),
    delete_secret: () => retain(),
    remove_files: () => files.remove().catch(() => {}),
    settle: () => options.onSettled(),
  };

  /** One step along the table; the promises are those of its effects. */
  function take(happened: Happened, why: StopReason | null = null): unknown[] {
    const row = rowFor(FOLLOW, state.name, happened.on);
    if (row === null) return [];
    state = nextState(row.then, happened, why);
    return row.does.map((effect) => does[effect](happened));
  }

  function nextState(then: RunStateName, happened: Happened, why: StopReason | null): RunState {
    if (then === state.name) return state;
    if (then === "stopping") {
      const reason = why ?? (happened.outcome && { kind: "verdict" as const, outcome: happened.outcome });
      if (reason) return { name: "stopping", why: reason, giveUpAt: clock.now() + patienceMs(bounds) };
    }
    const told = happened.outcome ?? ("outcome" in state ? state.outcome : null);
    if (told && (then === "ended" || then === "cleaning" || then === "settled"))
      return { name: then, outcome: told };
    throw new TypeError(`unreachable: from ${state.name} to ${then}`);
  }

  function reconsider(): void {
    cancelReview();
    const happened = whatHappened(state, known.facts());
    if (happened === null) return;
    const before = state.name;
    take(happened);
    // What is known may already say that a writer which is to be stopped is dead.
    if (state.name === "stopping" && before !== "stopping") reconsider();
  }

  function cancel(message: string): Promise<Outcome> {
    const before = state.name;
    cancelReview();
    take({ ...ASKED, on: onCancel(known.facts()) }, { kind: "cancel", message });
    if (state.name === "stopping" || before === "watching") reconsider();
    return outcome.promise;
  }

  async function cleanUp(how: { retainJob: boolean; patienceMs: number }): Promise<void> {
    const { writer } = await outcome.promise;
    const on = onCleanUp({ ...how, writer, isAnothers: options.isAnothers(known.job) });
    cleaning ??= Promise.all(take({ ...ASKED, on })).then(() => take({ ...ASKED, on: "cleaned" }));
    await Promise.race([cleaning, sleep({ clock, ms: how.patienceMs })]);
  }

  /** A retained Job keeps nothing secret, and counts as live until Kubernetes has seen its end as well. */
  async function retain(): Promise<void> {
    await removal.secret();
    if (known.jobRemovedAt === null && isLive(known.job)) await finished.promise;
  }

  function heard(job: V1Job): boolean {
    const isNews = known.jobChanged(job);
    if (isNews && !isLive(job)) finished.resolve();
    return isNews;
  }

  files.observe((seen) => {
    known.filesSeen(seen);
    reconsider();
  }, observing.signal);

  return {
    followedSince,
    uid,
    jobName,
    run,
    files,
    outcome: outcome.promise,
    onProgress: board.listen,
    liveness: () => livenessOf(state.name, known.facts(), options.lastHeard()),
    cancel,
    cleanUp,
    catchUp: ({ job, pods }) => {
      for (const pod of pods) known.podChanged(pod, null);
      if (job) heard(job);
      reconsider();
    },
    jobChanged: (changed) => {
      if (heard(changed)) reconsider();
    },
    jobRemoved: () => {
      known.jobRemoved();
      finished.resolve();
      reconsider();
    },
    podChanged: (pod) => {
      known.podChanged(pod, null);
      reconsider();
    },
    podRemoved: (pod) => {
      known.podChanged(pod, clock.now());
      reconsider();
    },
    reconsider,
  };
}

/** What somebody asks for, beside the facts. */
const ASKED: Omit<Happened, "on"> & { readonly on: RunHappening } = {
  on: "goes_on",
  phase: "stopping",
  detail: null,
  reviewAt: null,
  outcome: null,
};

function livenessOf(state: RunStateName, facts: Facts, lastHeard: number | null): Liveness {
  if (state !== "watching" && state !== "stopping") return { state: "terminal", verifiedAt: facts.now };
  if (facts.jobRemovedAt !== null) return { state: "gone", verifiedAt: facts.jobRemovedAt };
  return { state: facts.apiHealthy ? "alive" : "unknown", verifiedAt: lastHeard };
}
