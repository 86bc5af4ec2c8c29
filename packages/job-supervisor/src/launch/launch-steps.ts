// What is asked in each state of a launch, and what the answers mean. Where they lead is in the table LAUNCH.
import { createHash } from "node:crypto";
import type { V1Job } from "@kubernetes/client-node";
import { type JobRun, readRun, runSelector } from "@paperclip-k8s/job-manifest";
import { isTransient } from "../api/kube-api-error.ts";
import { retrying } from "../api/retrying.ts";
import { sleep } from "../clock.ts";
import { followedElsewhere, hostOf, type IsElsewhere } from "../host-presence.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { LaunchRequest } from "../supervisor-options.ts";
import type { LaunchState } from "../way-of-a-run.ts";
import { claim } from "./claim.ts";
import { attachSecret, createSuspended } from "./create-suspended.ts";
import { chooseOrphan, concurrencyKey, decideGuard } from "./guard.ts";
import type { LaunchEffects, LaunchKnowledge, LaunchStepResult } from "./launch.ts";
import { outcomeOfCreateError, refusedOutcome } from "./refusal.ts";
import { resume } from "./resume.ts";
import { strayPods } from "./stray-pods.ts";
import { unheardEnds } from "./unheard-end.ts";

/** What is asked in a state of a launch. */
export type LaunchStateStep = (
  effects: LaunchEffects,
  request: LaunchRequest,
  knows: LaunchKnowledge,
) => Promise<LaunchStepResult>;

/** The step of each state; the ends of a try have none. */
export const LAUNCH_STEPS: Readonly<Partial<Record<LaunchState, LaunchStateStep>>> = {
  creating: create,
  adopting: adopt,
  securing: secure,
  guarding: guard,
  staying: stay,
  collecting: collect,
  preparing: prepare,
  resuming: letGo,
  claiming: takeOver,
};

/** How often the oldest of several looks whether the others have withdrawn, in ms. */
const ALONE_EVERY_MS = 1000;

async function create(
  effects: LaunchEffects,
  request: LaunchRequest,
  knows: LaunchKnowledge,
): Promise<LaunchStepResult> {
  const { spec, orphanMaxAgeMs, signal } = request;
  try {
    const { standing, job } = await createSuspended({ ...effects, spec, orphanMaxAgeMs, signal });
    const isOwn = hostOf(job, spec.naming.labelDomain) === effects.hostId;
    if (standing === "suspended" && isOwn && knows.isSameRun)
      return { on: "made_again", knows: { own: job, outcome: TOLD_ELSEWHERE } };
    if (standing === "suspended" && isOwn) return { on: "made", knows: { own: job } };
    const isElsewhere = await elsewhere(effects, request, [job]);
    const isSameRun = effects.isFollowed(job) || isElsewhere(job);
    if (standing === "terminating") return { on: "found_terminating", knows: { blockers: [job], isSameRun } };
    if (isSameRun) return { on: "found_followed", knows: { blockers: [job], isSameRun } };
    if (standing === "suspended") return { on: "found_left", knows: { found: job } };
    return { on: "found_at_work", knows: { found: job } };
  } catch (error) {
    return failed(effects, request, error);
  }
}

/** The run's work has been done, if not here: nobody may take the refusal for leave to do it again. */
const TOLD_ELSEWHERE: Outcome = {
  ...refusedOutcome(
    { kind: "blocked" },
    "This very run was already followed, here or by another live host, and has ended there: it is not run again.",
  ),
  writer: "dead",
};

async function secure(
  effects: LaunchEffects,
  request: LaunchRequest,
  { own }: LaunchKnowledge,
): Promise<LaunchStepResult> {
  const { spec, signal } = request;
  if (signal?.aborted) return { on: "cancelled" };
  try {
    if (own) await attachSecret({ ...effects, spec, signal }, own);
    return { on: "made" };
  } catch (error) {
    return failed(effects, request, error);
  }
}

async function guard(
  effects: LaunchEffects,
  request: LaunchRequest,
  { own }: LaunchKnowledge,
): Promise<LaunchStepResult> {
  const { signal } = request;
  if (signal?.aborted || own === null) return { on: "cancelled" };
  let listed: readonly V1Job[];
  try {
    listed = await listOfKey(effects, request);
  } catch (error) {
    if (signal?.aborted) return { on: "cancelled" };
    const message = `Whether another run of this agent is live cannot be asked: ${messageOf(error)}`;
    return { on: "failed", knows: { outcome: refusedOutcome({ kind: "guard_unreachable" }, message) } };
  }
  if (signal?.aborted) return { on: "cancelled" };
  const decision = decideGuard({ own, listed });
  if (decision.kind === "stay") return { on: "others_wait", knows: { blockers: decision.others } };
  if (decision.kind === "collect") return { on: "abandoned_found", knows: { blockers: decision.abandoned } };
  const isElsewhere = await elsewhere(effects, request, listed);
  if (decision.kind === "resume") return whenAlone(effects, request, { own, listed, isElsewhere });
  return whenOthersWork(effects, request, { blockers: decision.blockers, isElsewhere });
}

/** Nobody else is live: the run starts, unless what it is asked for has just been done and nobody has told it. */
async function whenAlone(
  effects: LaunchEffects,
  request: LaunchRequest,
  seen: { own: V1Job; listed: readonly V1Job[]; isElsewhere: IsElsewhere },
): Promise<LaunchStepResult> {
  const { spec, reattach, retryOfRunId, concurrency } = request;
  const { labelDomain } = spec.naming;
  const strays = strayPods({
    ...{ pods: effects.pods(), identity: spec.identity, concurrency, labelDomain, listed: seen.listed },
  });
  if (strays.length > 0) return { on: "others_work", knows: { blockers: strays } };
  if (!reattach) return { on: "alone" };
  const ends = unheardEnds({
    ...{ own: seen.own, listed: seen.listed, identity: spec.identity, retryOfRunId },
    promptSha256: createHash("sha256").update(spec.prompt).digest("hex"),
    readRun: runOf(request),
    // What this host has followed it has told; its Job is being removed.
    isTold: (job) => effects.isFollowed(job) || hostOf(job, labelDomain) === effects.hostId,
  });
  for (const { job, run } of ends) {
    // Whoever tells an end removes the files: where they are, nobody has.
    const { started, record } = await effects.filesOf(run).look();
    if (!started && record === null) continue;
    // Its host may be about to tell it, or may have died a moment ago: which of the two shows within a minute.
    if (seen.isElsewhere(job)) return { on: "others_work", knows: { blockers: [job] } };
    return { on: "unheard_end", knows: { found: job } };
  }
  return { on: "alone" };
}

function whenOthersWork(
  effects: LaunchEffects,
  request: LaunchRequest,
  seen: { blockers: readonly V1Job[]; isElsewhere: IsElsewhere },
): LaunchStepResult {
  const { spec, reattach, retryOfRunId } = request;
  const { blockers, isElsewhere } = seen;
  const orphan = reattach
    ? chooseOrphan({
        ...{ blockers, identity: spec.identity, retryOfRunId, readRun: runOf(request) },
        isFollowed: (job) => effects.isFollowed(job) || isElsewhere(job),
      })
    : null;
  return orphan
    ? { on: "same_work_found", knows: { found: orphan.job, blockers } }
    : { on: "others_work", knows: { blockers } };
}

async function stay(
  effects: LaunchEffects,
  { signal }: LaunchRequest,
  { blockers, stayUntil }: LaunchKnowledge,
): Promise<LaunchStepResult> {
  if (effects.clock.now() >= stayUntil) return { on: "too_long" };
  await effects.endOf({ jobs: blockers, ms: ALONE_EVERY_MS, signal });
  return { on: "looked_again" };
}

/** Removes launches that nobody goes on with; one that has changed meanwhile is left as it is. */
async function collect(
  { api, clock }: LaunchEffects,
  _request: LaunchRequest,
  { blockers, stayUntil }: LaunchKnowledge,
): Promise<LaunchStepResult> {
  for (const { metadata } of blockers) {
    const { name = "", uid, resourceVersion } = metadata ?? {};
    try {
      await api.deleteJob(name, { propagation: "Background", preconditions: { uid, resourceVersion } });
    } catch {
      // Changed, gone, or the API is away: the next list tells. Not at once, whatever it was.
      await sleep({ clock, ms: ALONE_EVERY_MS });
    }
  }
  return { on: clock.now() >= stayUntil ? "too_long" : "looked_again" };
}

/** Only now: until the guard has let this run pass, a Job of the same name may have been at work in its files. */
async function prepare(_effects: LaunchEffects, { files }: LaunchRequest): Promise<LaunchStepResult> {
  try {
    await files.prepare();
    return { on: "made" };
  } catch (error) {
    const message = `The run directory cannot be made: ${messageOf(error)}`;
    const outcome = refusedOutcome({ kind: "start_failed", failure: "run_directory" }, message);
    return { on: "failed", knows: { outcome } };
  }
}

async function letGo(
  effects: LaunchEffects,
  { spec }: LaunchRequest,
  { own }: LaunchKnowledge,
): Promise<LaunchStepResult> {
  if (own === null) return { on: "failed" };
  try {
    const job = await resume(effects, { spec, own, hostId: effects.hostId });
    if (job) return { on: "resumed", knows: { own: job } };
    return { on: "taken_by_another", knows: { blockers: [own] } };
  } catch (error) {
    const outcome = outcomeOfCreateError(error, effects.namespace);
    // No answer is not a no: the pod may be at work by now, and its files stay.
    return isTransient(error)
      ? { on: "no_answer", knows: { outcome: { ...outcome, writer: "not_confirmed" } } }
      : { on: "failed", knows: { outcome } };
  }
}

/** A Job of this very run that another host had not let go when it died: from now on it is this host's. */
async function adopt(
  effects: LaunchEffects,
  request: LaunchRequest,
  knows: LaunchKnowledge,
): Promise<LaunchStepResult> {
  const { on, knows: learnt } = await takeOver(effects, request, knows);
  return { on, knows: on === "claimed" ? { own: learnt?.found ?? null } : learnt };
}

async function takeOver(
  effects: LaunchEffects,
  { spec }: LaunchRequest,
  { found }: LaunchKnowledge,
): Promise<LaunchStepResult> {
  if (found === null) return { on: "failed" };
  const { labelDomain } = spec.naming;
  try {
    const job = await claim(effects, { job: found, hostId: effects.hostId, labelDomain });
    if (job) return { on: "claimed", knows: { found: job } };
    return { on: "taken_by_another", knows: { blockers: [found] } };
  } catch (error) {
    const message = `The Job of this work cannot be taken over: ${messageOf(error)}`;
    return { on: "failed", knows: { outcome: refusedOutcome({ kind: "guard_unreachable" }, message) } };
  }
}

/** Live and finished Jobs of the run's key. Labels are sanitized and cut; the annotations tell agents apart. */
async function listOfKey(effects: LaunchEffects, request: LaunchRequest): Promise<readonly V1Job[]> {
  const { spec, signal, concurrency } = request;
  const key = concurrencyKey(spec.identity, concurrency);
  if (key === null) return [];
  const selector = runSelector({ naming: spec.naming, agentId: spec.identity.agentId });
  const listed = await retrying({ ...effects, signal }, () => effects.api.listJobs(selector, signal));
  return listed.filter((job) => {
    const run = runOf(request)(job);
    // A Job with our labels that we cannot read counts: rather wait for it than work beside it.
    return run === null || concurrencyKey(run.identity, concurrency) === key;
  });
}

function elsewhere(
  { hostId, presence }: LaunchEffects,
  { spec }: LaunchRequest,
  jobs: readonly V1Job[],
): Promise<IsElsewhere> {
  return followedElsewhere({ jobs, hostId, labelDomain: spec.naming.labelDomain, presence });
}

function runOf({ spec }: LaunchRequest): (job: V1Job) => JobRun | null {
  return (job) => readRun(job, spec.naming.labelDomain);
}

function failed(effects: LaunchEffects, { signal }: LaunchRequest, error: unknown): LaunchStepResult {
  if (signal?.aborted) return { on: "failed", knows: { outcome: null } };
  return { on: "failed", knows: { outcome: outcomeOfCreateError(error, effects.namespace) } };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
