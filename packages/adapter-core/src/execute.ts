import { createHash } from "node:crypto";
import { JobManifestError } from "@paperclip-k8s/job-manifest";
import type { JobSupervisor, LaunchRequest, SupervisedRun } from "@paperclip-k8s/job-supervisor";
import type { AdapterExecutionContext, AdapterExecutionResult } from "@paperclipai/adapter-utils/types";
import { AdapterCoreError } from "./adapter-core-error.ts";
import type { AgentDefinition } from "./agent-definition.ts";
import type { CoreConfig } from "./config/core-config.ts";
import { parseConfig } from "./config/parse-config.ts";
import { type DescribedRun, describeRun } from "./describe-run.ts";
import { firstText } from "./environment/context-values.ts";
import { workingDirectory } from "./environment/run-folders.ts";
import { type FollowedRun, followRun } from "./follow-run.ts";
import { listenForCancel } from "./host/cancellation.ts";
import { sharedCore } from "./host/core.ts";
import type { Host } from "./host/host.ts";
import { type Placement, placeRun } from "./host/placement.ts";
import { supervisorFor } from "./host/supervisor-for.ts";
import { reportNotice } from "./progress/report-progress.ts";
import { notConfigured, refusedResult, toResult } from "./result/to-result.ts";
import { runPaths } from "./run-files/run-files.ts";
import { sessionParams } from "./session/session-params.ts";
import { sessionToResume } from "./session/session-to-resume.ts";

/** How long a result waits for a clean-up that the API does not take, in ms; it goes on behind the result. */
const CLEAN_UP_PATIENCE_MS = 1000;

/** Everything about a run that does not change between its attempts. */
interface RunSetting {
  readonly host: Host;
  readonly ctx: AdapterExecutionContext;
  readonly definition: AgentDefinition;
  readonly config: CoreConfig;
  readonly placement: Placement;
  readonly supervisor: JobSupervisor;
  readonly cancelled: AbortSignal;
}

interface ResumedSession {
  readonly sessionId: string | null;
  /** What the session had cost before this run, in US dollars; null where that is not known. */
  readonly resumedCostUsd: number | null;
}

/** The way of a run, from the host's call to its result. Never throws for what a config or a cluster can do. */
export async function execute(
  definition: AgentDefinition,
  host: Host,
  ctx: AdapterExecutionContext,
): Promise<AdapterExecutionResult> {
  const parsed = parseConfig(definition, ctx.config);
  if (!parsed.ok) return notConfigured(parsed.message);
  const config = parsed.config;
  const core = sharedCore();
  const leave = core.enter();
  try {
    const connection = await core.connection(host, config.kubeconfig);
    const placed = await placeRun({ host, connection, config, jobPrefix: definition.jobPrefix });
    if (!placed.ok)
      return notConfigured(`${definition.label} is not configured: ${placed.problems.join("; ")}`);
    const { placement } = placed;
    const supervisor = supervisorFor({ core, host, placement, config });
    const cancellation = await listenForCancel(
      host,
      ctx,
      firstText(config.env["PAPERCLIP_API_URL"], host.environment["PAPERCLIP_API_URL"]),
    );
    try {
      return await runToItsEnd({
        host,
        ctx,
        definition,
        config,
        placement,
        supervisor,
        cancelled: cancellation.signal,
      });
    } finally {
      cancellation.stop();
    }
  } catch (error) {
    // Nothing has been made by then.
    if (error instanceof JobManifestError || error instanceof AdapterCoreError)
      return notConfigured(error.message);
    throw error;
  } finally {
    leave();
  }
}

/** Attempt after attempt, until one's end is the run's: an orphan may come first, an unknown session needs a second one. */
async function runToItsEnd(setting: RunSetting): Promise<AdapterExecutionResult> {
  const { host, ctx, definition, config } = setting;
  const directory = workingDirectory({ config, context: ctx.context, agentId: ctx.agent.id });
  const stored = sessionToResume({
    runtime: ctx.runtime,
    expectations: { podDirectory: directory.podPath },
    idPattern: definition.sessionIdPattern,
  });
  if (stored.reason) reportNotice(ctx, `A fresh session is started: ${stored.reason}.`);
  let session: ResumedSession = stored;
  for (let attempt = 1; ; ) {
    const observer = sharedCore().recordObserver(host);
    const described = await describeRun({
      ...setting,
      observer,
      workingDirectory: directory,
      sessionId: session.sessionId,
      attempt,
    });
    for (const note of described.notes) reportNotice(ctx, note);
    await ctx.onMeta?.(metaOf(setting, described));
    ctx.onDispatch?.();
    const launched = await setting.supervisor.launch(launchRequest(setting, described));
    if (launched.kind === "refused") return refusedResult(launched.outcome, host.clock);

    const isOrphan = launched.kind === "attached";
    if (isOrphan)
      reportNotice(
        ctx,
        `Following Job ${launched.run.jobName}, which an earlier host left; its output is shown from its start.`,
      );
    const followed = await followAttempt(setting, launched.run, session);
    const verdict = definition.verdict({
      run: described.input,
      result: followed.agent,
      environment: described.spec.environment,
      exitCode: followed.outcome.exitCode,
      signal: followed.outcome.signal,
      stderrTail: followed.stderrTail,
    });
    await launched.run.cleanUp({ retainJob: config.retainJobs, patienceMs: CLEAN_UP_PATIENCE_MS });

    const mayGoOn =
      !setting.cancelled.aborted &&
      (followed.outcome.kind === "succeeded" || followed.outcome.kind === "failed");
    if (isOrphan && mayGoOn && !isSameWork(setting, described, launched.orphan)) {
      // Neither prompt is lost: the orphan's work is done, and this run's own follows in the session that it left.
      session = {
        sessionId: followed.agent.sessionId ?? session.sessionId,
        resumedCostUsd: followed.agent.sessionCostUsd,
      };
      continue;
    }
    if (mayGoOn && verdict.session === "retry_fresh" && attempt === 1) {
      reportNotice(
        ctx,
        `Session ${session.sessionId} cannot be resumed; the run starts once more with a fresh one.`,
      );
      session = { sessionId: null, resumedCostUsd: null };
      attempt = 2;
      continue;
    }
    const { sessionId, sessionCostUsd } = followed.agent;
    const params =
      sessionId === null
        ? undefined
        : sessionParams({
            sessionId,
            podDirectory: directory.podPath,
            sessionCostUsd,
            previous: ctx.runtime.sessionParams,
          });
    return toResult({ followed, verdict, sessionParams: params, clock: host.clock });
  }
}

function launchRequest(setting: RunSetting, { spec, files }: DescribedRun): LaunchRequest {
  const { ctx, config, cancelled } = setting;
  const { schedulingSec, imagePullSec, startSec, cleanupSec } = config.bounds;
  return {
    spec,
    files,
    concurrency: config.concurrency,
    busyWaitMs: config.busyWaitSec * 1000,
    reattach: config.reattachOrphanedJobs,
    retryOfRunId: retryOf(ctx),
    bounds: {
      schedulingMs: schedulingSec * 1000,
      imagePullMs: imagePullSec * 1000,
      startMs: startSec * 1000,
      timeoutMs: config.timeoutSec * 1000,
      graceMs: config.graceSec * 1000,
      cleanupMs: cleanupSec * 1000,
    },
    signal: cancelled,
    onWaiting: (jobs) =>
      reportNotice(ctx, `Another run of this agent is live (${jobs.join(", ")}); waiting for its end.`),
  };
}

/** The run that this one retries, where the host says so. */
function retryOf(ctx: AdapterExecutionContext): string | null {
  return firstText(ctx.context["retryOfRunId"], ctx.context["previousRunId"]);
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
  return followRun({ host, ctx, run, paths, reducer, cancelled, keepAliveMs: config.keepAliveSec * 1000 });
}

/** Whether an orphan did what this run asks for: it is retried by it, or had the very same prompt. */
function isSameWork(setting: RunSetting, described: DescribedRun, orphan: SupervisedRun["run"]): boolean {
  if (orphan.identity.runId === retryOf(setting.ctx)) return true;
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
