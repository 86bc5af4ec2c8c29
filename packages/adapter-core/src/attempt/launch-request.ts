import type { LaunchRequest, PhaseBounds } from "@paperclip-k8s/job-supervisor";
import type { CoreConfig } from "../config/core-config.ts";
import { reportNotice } from "../progress/report-progress.ts";
import type { DescribedRun } from "./describe-run.ts";
import { type RunSetting, retryOf } from "./run-setting.ts";

/** What the supervisor is asked for: the attempt, and the config's bounds in its units. */
export function launchRequest(setting: RunSetting, { spec, files }: DescribedRun): LaunchRequest {
  const { ctx, config, cancelled } = setting;
  return {
    spec,
    files,
    concurrency: config.concurrency,
    busyWaitMs: config.busyWaitSec * 1000,
    reattach: config.reattachOrphanedJobs,
    retryOfRunId: retryOf(ctx),
    bounds: phaseBounds(config),
    orphanMaxAgeMs: config.orphanMaxAgeSec * 1000,
    signal: cancelled,
    onWaiting: (jobs) =>
      reportNotice(ctx, `Another run of this agent is live (${jobs.join(", ")}); waiting for its end.`),
  };
}

/** The config's bounds in the supervisor's units. */
export function phaseBounds({ bounds, timeoutSec, graceSec }: CoreConfig): PhaseBounds {
  return {
    schedulingMs: bounds.schedulingSec * 1000,
    imagePullMs: bounds.imagePullSec * 1000,
    startMs: bounds.startSec * 1000,
    timeoutMs: timeoutSec * 1000,
    graceMs: graceSec * 1000,
    cleanupMs: bounds.cleanupSec * 1000,
  };
}
