import type { V1Job } from "@kubernetes/client-node";
import { readRun, runSelector } from "@paperclip-k8s/job-manifest";
import type { KubeApi } from "../api/kube-api.ts";
import { retrying } from "../api/retrying.ts";
import { type Clock, sleep } from "../clock.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { LaunchRequest } from "../supervisor-options.ts";
import { attachSecret, type CreateOptions, createSuspended } from "./create-suspended.ts";
import { chooseOrphan, concurrencyKey, decideGuard } from "./guard.ts";
import { outcomeOfCreateError, refusedOutcome } from "./refusal.ts";
import { resume } from "./resume.ts";

/** What one try to launch came to. */
export type LaunchStep =
  | { readonly kind: "resumed"; readonly job: V1Job }
  /** A Job that an earlier host left, this very run's or one that does the same work. */
  | { readonly kind: "orphan"; readonly job: V1Job }
  | { readonly kind: "busy"; readonly blockers: readonly V1Job[] }
  | { readonly kind: "refused"; readonly outcome: Outcome };

export interface LaunchEffects {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly random: () => number;
  readonly namespace: string;
  /** Whether a run of this process follows the Job. */
  readonly isFollowed: (job: V1Job) => boolean;
  /** Resolves when one of these Jobs has ended or gone, or after `ms`. */
  readonly endOf: (options: {
    jobs: readonly V1Job[];
    ms: number;
    signal: AbortSignal | undefined;
  }) => Promise<void>;
}

/** How often the oldest of several looks whether the others have withdrawn, in ms. */
const ALONE_EVERY_MS = 1000;
/** A host that has not withdrawn by then has died: its Job is the sweep's, and this run waits as any other, in ms. */
const ALONE_WITHIN_MS = 60_000;

/**
 * One try: the Job suspended, the Secret that it owns, the guard's list, the run's files, the resume. A step
 * that is repeated after a crash finds what the first one made. On every way but `resumed` the try's own Job
 * is removed, and with it its Secret; one that has been resumed before is never touched.
 */
export async function tryLaunch(effects: LaunchEffects, request: LaunchRequest): Promise<LaunchStep> {
  const { spec, signal } = request;
  const create: CreateOptions = { ...effects, spec, signal };
  let own: V1Job | null = null;
  let step: LaunchStep;
  try {
    const made = await createSuspended(create);
    if (made.standing === "terminating") return { kind: "busy", blockers: [made.job] };
    if (made.standing === "started") return startedBefore(effects, made.job);
    own = made.job;
    if (!signal?.aborted) await attachSecret(create, own);
    step = await passGuard(effects, request, own);
  } catch (error) {
    step = signal?.aborted
      ? cancelledStep()
      : { kind: "refused", outcome: outcomeOfCreateError(error, effects.namespace) };
  }
  if (own && step.kind !== "resumed") await withdraw(effects, own);
  return step;
}

function startedBefore(effects: LaunchEffects, job: V1Job): LaunchStep {
  return effects.isFollowed(job) ? { kind: "busy", blockers: [job] } : { kind: "orphan", job };
}

async function passGuard(effects: LaunchEffects, request: LaunchRequest, own: V1Job): Promise<LaunchStep> {
  const { spec, signal, concurrency } = request;
  const key = concurrencyKey(spec.identity, concurrency);
  const stayUntil = effects.clock.now() + ALONE_WITHIN_MS;
  for (;;) {
    if (signal?.aborted) return cancelledStep();
    let listed: readonly V1Job[] = [];
    try {
      if (key !== null) listed = (await listOfKey(effects, request)).filter((job) => isOfKey(job, request));
    } catch (error) {
      if (signal?.aborted) return cancelledStep();
      const message = `Whether another run of this agent is live cannot be asked: ${messageOf(error)}`;
      return { kind: "refused", outcome: refusedOutcome({ kind: "guard_unreachable" }, message) };
    }
    if (signal?.aborted) return cancelledStep();
    const decision = decideGuard({ own, listed });
    if (decision.kind === "resume") return resume(effects, request, own);
    if (decision.kind === "withdraw") return yieldTo(effects, request, decision.blockers);
    if (decision.kind === "collect") {
      await collect(effects, decision.abandoned);
      if (effects.clock.now() >= stayUntil) return { kind: "busy", blockers: decision.abandoned };
      continue;
    }
    if (effects.clock.now() >= stayUntil) return { kind: "busy", blockers: decision.others };
    await effects.endOf({ jobs: decision.others, ms: ALONE_EVERY_MS, signal });
  }
}

function listOfKey(effects: LaunchEffects, request: LaunchRequest): Promise<readonly V1Job[]> {
  const { spec, signal } = request;
  return retrying({ ...effects, signal }, () =>
    effects.api.listJobs(runSelector({ naming: spec.naming, agentId: spec.identity.agentId }), signal),
  );
}

/** Labels are sanitized and cut; the annotations tell two agents apart whose labels are alike. */
function isOfKey(job: V1Job, request: LaunchRequest): boolean {
  const { spec, concurrency } = request;
  const run = readRun(job, spec.naming.labelDomain);
  // A Job with our labels that we cannot read counts: rather wait for it than work beside it.
  if (run === null) return true;
  return concurrencyKey(run.identity, concurrency) === concurrencyKey(spec.identity, concurrency);
}

function yieldTo(effects: LaunchEffects, request: LaunchRequest, blockers: readonly V1Job[]): LaunchStep {
  const { spec, reattach, retryOfRunId } = request;
  const orphan = reattach
    ? chooseOrphan({
        blockers,
        identity: spec.identity,
        retryOfRunId,
        readRun: (job) => readRun(job, spec.naming.labelDomain),
        isFollowed: effects.isFollowed,
      })
    : null;
  return orphan ? { kind: "orphan", job: orphan.job } : { kind: "busy", blockers };
}

/** Removes launches that nobody goes on with; one that has changed meanwhile is left as it is. */
async function collect({ api, clock }: LaunchEffects, abandoned: readonly V1Job[]): Promise<void> {
  for (const { metadata } of abandoned) {
    const { name = "", uid, resourceVersion } = metadata ?? {};
    try {
      await api.deleteJob(name, { propagation: "Background", preconditions: { uid, resourceVersion } });
    } catch {
      // Changed, gone, or the API is away: the next list tells. Not at once, whatever it was.
      await sleep({ clock, ms: ALONE_EVERY_MS });
    }
  }
}

/** Removes the try's own Job; the collector takes its Secret. What cannot be removed now is the sweep's. */
async function withdraw(effects: LaunchEffects, own: V1Job): Promise<void> {
  const preconditions = { uid: own.metadata?.uid };
  try {
    await retrying(effects, () =>
      effects.api.deleteJob(own.metadata?.name ?? "", { propagation: "Background", preconditions }),
    );
  } catch {
    // Gone already, or the API is away: suspended and never resumed, it costs nothing until the sweep.
  }
}

function cancelledStep(): LaunchStep {
  const message = "The run was cancelled before its Job was resumed.";
  return { kind: "refused", outcome: refusedOutcome({ kind: "cancelled" }, message) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
