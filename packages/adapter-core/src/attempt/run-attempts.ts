import { createHash } from "node:crypto";
import { JobManifestError } from "@paperclip-k8s/job-manifest";
import type { SupervisedRun } from "@paperclip-k8s/job-supervisor";
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils/types";
import { AdapterCoreError } from "../adapter-core-error.ts";
import { type WorkingDirectory, workingDirectory } from "../environment/run-folders.ts";
import { sharedCore } from "../host/core.ts";
import { reportNotice } from "../progress/report-progress.ts";
import { tellHostFirst } from "../progress/tell-host.ts";
import { notConfigured, refusedResult, toResult } from "../result/to-result.ts";
import { runPaths } from "../run-files/run-files.ts";
import { sessionParams } from "../session/session-params.ts";
import { sessionToResume } from "../session/session-to-resume.ts";
import { type DescribedRun, describeRun } from "./describe-run.ts";
import { type FollowedRun, followRun } from "./follow-run.ts";
import { launchRequest } from "./launch-request.ts";
import { type Sequel, sequelOf } from "./next-attempt.ts";
import { type ResumedSession, type RunSetting, retryOf } from "./run-setting.ts";

/** How long a result waits for a clean-up that the API does not take, in ms; it goes on behind the result. */
const CLEAN_UP_PATIENCE_MS = 1000;

/** Where a run stands before an attempt. */
interface Standing {
  readonly attempt: number;
  readonly session: ResumedSession;
  /** Whether the agent has done something of this run in an earlier attempt. */
  readonly workStarted: boolean;
  /** The session that an orphan left, for the host to keep whatever comes of this run. */
  readonly left: Partial<AdapterExecutionResult>;
}

type AttemptEnd =
  | { readonly kind: "ended"; readonly result: AdapterExecutionResult }
  | { readonly kind: "goes_on"; readonly next: Standing };

/** Attempt after attempt, until one's end is the run's: an orphan may come first, an unknown session needs a second one. */
export async function runAttempts(setting: RunSetting): Promise<AdapterExecutionResult> {
  const { ctx, definition, config } = setting;
  const directory = workingDirectory({ config, context: ctx.context, agentId: ctx.agent.id });
  const session = sessionToResume({
    runtime: ctx.runtime,
    expectations: { podDirectory: directory.podPath, skillsKey: setting.skills.bundle?.key ?? null },
    idPattern: definition.sessionIdPattern,
  });
  if (session.reason) reportNotice(ctx, `A fresh session is started: ${session.reason}.`);
  let standing: Standing = { attempt: 1, session, workStarted: false, left: {} };
  for (;;) {
    const end = await runAttempt(setting, directory, standing);
    if (end.kind === "ended") return { ...standing.left, ...end.result };
    standing = end.next;
  }
}

async function runAttempt(
  setting: RunSetting,
  directory: WorkingDirectory,
  standing: Standing,
): Promise<AttemptEnd> {
  const { host, ctx, config } = setting;
  const { workStarted } = standing;
  const described = await describeOrRefuse(setting, directory, standing);
  if (described.kind === "ended") return described;
  const { attempt } = described;
  await announce(setting, attempt);
  const launched = await setting.supervisor.launch(launchRequest(setting, attempt));
  if (launched.kind === "refused")
    return ended(refusedResult(launched.outcome, { clock: host.clock, workStarted }));

  const isOrphan = launched.kind === "attached";
  const { run } = launched;
  if (isOrphan)
    reportNotice(
      ctx,
      `Following Job ${run.jobName}, which an earlier host left; its output is shown from its start.`,
    );
  const followed = await followAttempt(setting, run, standing.session);
  const verdict = verdictOn(setting, attempt, followed);
  noteLimits(setting, attempt, followed);
  const sequel = sequelOf({
    ...{ outcome: followed.outcome, agent: followed.agent, verdict },
    ...{ session: standing.session, attempt: standing.attempt },
    isOthersWork: isOrphan && !isSameWork(setting, attempt, launched.orphan),
    isCancelled: setting.cancelled.aborted,
  });
  // The next attempt would wait for this one's Job as for any other that is live.
  const patienceMs = sequel.kind === "none" ? CLEAN_UP_PATIENCE_MS : config.bounds.cleanupSec * 1000;
  await run.cleanUp({ retainJob: config.retainJobs, patienceMs });
  const params = paramsOf(setting, directory, followed);
  if (sequel.kind !== "none") return goesOn(setting, standing, sequel, params);
  const resumedSessionId = run.run.identity.sessionId;
  return ended(toResult({ followed, verdict, sessionParams: params, resumedSessionId, clock: host.clock }));
}

function ended(result: AdapterExecutionResult): AttemptEnd {
  return { kind: "ended", result };
}

function goesOn(
  { ctx }: RunSetting,
  standing: Standing,
  sequel: Exclude<Sequel, { kind: "none" }>,
  params: Record<string, unknown> | undefined,
): AttemptEnd {
  const { session } = sequel;
  if (sequel.kind === "own_work") {
    const { sessionId } = session;
    const left =
      params === undefined || params["sessionId"] !== sessionId
        ? standing.left
        : { sessionId, sessionDisplayId: sessionId, sessionParams: params };
    return { kind: "goes_on", next: { ...standing, session, left } };
  }
  const unknown = standing.session.sessionId ?? "of the run before";
  reportNotice(ctx, `Session ${unknown} cannot be resumed; the run starts once more with a fresh one.`);
  return { kind: "goes_on", next: { session, attempt: 2, workStarted: true, left: {} } };
}

/** What cannot be described in a later attempt is no evidence that the run did nothing. */
async function describeOrRefuse(
  setting: RunSetting,
  directory: WorkingDirectory,
  { session, attempt, workStarted }: Standing,
): Promise<
  { readonly kind: "described"; readonly attempt: DescribedRun } | Extract<AttemptEnd, { kind: "ended" }>
> {
  try {
    const described = await describeRun({
      ...setting,
      observer: sharedCore().recordObserver(setting.host),
      leases: sharedCore().leaseKeeper(setting.host),
      workingDirectory: directory,
      sessionId: session.sessionId,
      attempt,
    });
    return { kind: "described", attempt: described };
  } catch (error) {
    if (!(error instanceof JobManifestError || error instanceof AdapterCoreError)) throw error;
    return { kind: "ended", result: notConfigured(error.message, { workStarted }) };
  }
}

async function announce(setting: RunSetting, described: DescribedRun): Promise<void> {
  const { ctx, host, cancelled } = setting;
  const waiting = { clock: host.clock, cancelled };
  for (const note of described.notes) reportNotice(ctx, note);
  await tellHostFirst({ ...waiting, call: () => ctx.onMeta?.(metaOf(setting, described)) });
  await tellHostFirst({ ...waiting, call: () => ctx.onDispatch?.() });
}

function followAttempt(
  setting: RunSetting,
  run: SupervisedRun,
  session: ResumedSession,
): Promise<FollowedRun> {
  const { host, ctx, definition, config, cancelled } = setting;
  const paths = runPaths(config.volumeHostPath, run.run);
  const resumed = run.run.identity.sessionId !== null;
  const isResumedHere = resumed && run.run.identity.sessionId === session.sessionId;
  const reducer = definition.createReducer({
    resumed,
    resumedCostUsd: isResumedHere ? session.resumedCostUsd : null,
  });
  const keepAliveMs = config.keepAliveSec * 1000;
  const patienceMs = (definition.patienceSec?.(config) ?? 0) * 1000;
  const lingerMs = config.lingerSec * 1000;
  return followRun({ host, ctx, run, paths, reducer, cancelled, keepAliveMs, patienceMs, lingerMs });
}

function verdictOn({ definition }: RunSetting, { input, spec }: DescribedRun, followed: FollowedRun) {
  const { outcome, agent, stderrTail } = followed;
  const { exitCode, signal } = outcome;
  return definition.verdict({
    ...{ run: input, result: agent, environment: spec.environment, exitCode, signal, stderrTail },
  });
}

function noteLimits({ definition, host }: RunSetting, { spec }: DescribedRun, { agent }: FollowedRun): void {
  const { environment } = spec;
  const now = host.clock.now();
  sharedCore().toldLimits.tell({ definition, environment, limits: agent.limits ?? [], now });
}

/** The session's parameters for the next run; undefined where the agent CLI has not told of a session. */
function paramsOf(
  { ctx, skills }: RunSetting,
  directory: WorkingDirectory,
  { agent }: FollowedRun,
): Record<string, unknown> | undefined {
  const { sessionId, sessionCostUsd } = agent;
  if (sessionId === null) return undefined;
  const previous = ctx.runtime.sessionParams;
  const expectations = { skillsKey: skills.bundle?.key ?? null };
  return sessionParams({
    sessionId,
    podDirectory: directory.podPath,
    sessionCostUsd,
    expectations,
    previous,
  });
}

/** Whether an orphan did what this run asks for: it is retried by it, or had the very same prompt. */
function isSameWork({ ctx }: RunSetting, described: DescribedRun, orphan: SupervisedRun["run"]): boolean {
  if (orphan.identity.runId === retryOf(ctx) || orphan.identity.runId === ctx.runId) return true;
  return orphan.promptSha256 === createHash("sha256").update(described.spec.prompt).digest("hex");
}

/** What the host shows of the invocation. Neither the prompt nor any variable's value is in it. */
function metaOf({ definition, placement }: RunSetting, { spec, metrics, notes }: DescribedRun) {
  const [command, ...commandArgs] = spec.command;
  return {
    adapterType: definition.type,
    command,
    commandArgs,
    cwd: spec.workingDirectory,
    commandNotes: [`As a Job in namespace ${placement.namespace}, image ${placement.image}.`, ...notes],
    promptMetrics: { ...metrics },
  };
}
