import type { LaunchRequest } from "@paperclip-k8s/job-supervisor";
import { reportNotice } from "../progress/report-progress.ts";
import type { DescribedRun } from "./describe-run.ts";
import { type RunSetting, retryOf } from "./run-setting.ts";

/** What the supervisor is asked for: the attempt, and the config's bounds in its units. */
export function launchRequest(setting: RunSetting, { spec, files }: DescribedRun): LaunchRequest {
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
