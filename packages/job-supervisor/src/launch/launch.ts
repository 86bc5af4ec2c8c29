import type { V1Job } from "@kubernetes/client-node";
import {
  type AgentRunSpec,
  buildJob,
  buildSecret,
  readRun,
  resumePatch,
  runSelector,
  sameRun,
} from "@paperclip-k8s/job-manifest";
import type { KubeApi } from "../api/kube-api.ts";
import { isKubeApiError, KubeApiError } from "../api/kube-api-error.ts";
import { retrying } from "../api/retrying.ts";
import type { Clock } from "../clock.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { LaunchRequest } from "../supervisor-options.ts";
import { chooseOrphan, concurrencyKey, decideGuard } from "./guard.ts";
import { outcomeOfCreateError, refusedOutcome } from "./refusal.ts";

/** What one try to launch came to. */
export type LaunchStep =
  | { readonly kind: "resumed"; readonly job: V1Job }
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
  /** Resolves when one of these Jobs has changed or gone, or after `ms`. */
  readonly changeOf: (jobs: readonly V1Job[], ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** How often the oldest of several looks whether the others have withdrawn, in ms. */
const ALONE_EVERY_MS = 1000;

/**
 * One try: the Job suspended, the Secret that it owns, the guard's list, the resume. A step that is repeated
 * after a crash finds what the first one made. On every way but `resumed` the try's own Job is removed, and
 * with it its Secret.
 */
export async function tryLaunch(effects: LaunchEffects, request: LaunchRequest): Promise<LaunchStep> {
  const { spec, signal } = request;
  let own: V1Job | null = null;
  try {
    own = await createSuspended(effects, spec, signal);
    await attachSecret(effects, spec, own, signal);
  } catch (error) {
    if (own) await withdraw(effects, own);
    return refusalOf(effects, error, signal);
  }
  const step = await passGuard(effects, request, own);
  if (step.kind !== "resumed") await withdraw(effects, own);
  return step;
}

async function createSuspended(
  effects: LaunchEffects,
  spec: AgentRunSpec,
  signal?: AbortSignal,
): Promise<V1Job> {
  const job = buildJob(spec);
  return retrying({ ...effects, signal }, async () => {
    try {
      return await effects.api.createJob(job, signal);
    } catch (error) {
      if (!isKubeApiError(error, "already_exists")) throw error;
      // The name is the run's: a create whose answer was lost, or a host that died after it.
      const existing = await effects.api.readJob(job.metadata?.name ?? "");
      if (sameRun(existing, spec)) return existing;
      throw new KubeApiError({
        code: "already_exists",
        status: 409,
        message: `A Job named ${job.metadata?.name} exists and is not this run's: delete it if nothing needs it.`,
      });
    }
  });
}

async function attachSecret(
  effects: LaunchEffects,
  spec: AgentRunSpec,
  job: V1Job,
  signal?: AbortSignal,
): Promise<void> {
  const secret = buildSecret(spec, { jobName: job.metadata?.name ?? "", jobUid: job.metadata?.uid ?? "" });
  await retrying({ ...effects, signal }, async () => {
    try {
      await effects.api.createSecret(secret, signal);
    } catch (error) {
      // Immutable and named as the Job: the one that is there was made by an earlier try of this very run.
      if (!isKubeApiError(error, "already_exists")) throw error;
    }
  });
}

async function passGuard(effects: LaunchEffects, request: LaunchRequest, own: V1Job): Promise<LaunchStep> {
  const { spec, signal, concurrency } = request;
  const key = concurrencyKey(spec.identity, concurrency);
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
    const decision = decideGuard({ own, listed });
    if (decision.kind === "resume") return resume(effects, request, own);
    if (decision.kind === "withdraw") return yieldTo(effects, request, decision.blockers);
    await effects.changeOf(decision.others, ALONE_EVERY_MS, signal);
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

/**
 * Resumes without the caller's signal: a patch that was given up may have been applied all the same. A run
 * that is cancelled meanwhile is ended as one that runs.
 */
async function resume(effects: LaunchEffects, request: LaunchRequest, own: V1Job): Promise<LaunchStep> {
  try {
    const patch = withUid(resumePatch(request.spec), own);
    const job = await retrying(effects, () => effects.api.patchJob(own.metadata?.name ?? "", patch));
    return { kind: "resumed", job };
  } catch (error) {
    return refusalOf(effects, error, undefined);
  }
}

/** Names come back as other objects: with the UID in the patch the server refuses any other (409). */
function withUid(patch: object, own: V1Job): object {
  const metadata = (patch as { metadata?: object }).metadata ?? {};
  return { ...patch, metadata: { ...metadata, uid: own.metadata?.uid } };
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

function refusalOf(effects: LaunchEffects, error: unknown, signal: AbortSignal | undefined): LaunchStep {
  if (signal?.aborted) return cancelledStep();
  return { kind: "refused", outcome: outcomeOfCreateError(error, effects.namespace) };
}

function cancelledStep(): LaunchStep {
  const message = "The run was cancelled before its Job was resumed.";
  return { kind: "refused", outcome: refusedOutcome({ kind: "cancelled" }, message) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
