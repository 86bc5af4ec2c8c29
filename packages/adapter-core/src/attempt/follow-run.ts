import type { RunFiles } from "@paperclip-k8s/job-manifest";
import type { Outcome, RunProgress, SupervisedRun } from "@paperclip-k8s/job-supervisor";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils/types";
import type { AgentFailure, AgentReducer, AgentResult } from "../agent-definition.ts";
import type { Host } from "../host/host.ts";
import { type DeliveryEnd, deliver } from "../output/deliver.ts";
import { createTextTail } from "../output/stderr-tail.ts";
import { startKeepAlive } from "../progress/keep-alive.ts";
import { startLinger } from "../progress/linger.ts";
import { startPatience } from "../progress/patience.ts";
import { reportProgress, waitOf } from "../progress/report-progress.ts";

/** A run whose writer has ended and whose output has been delivered. */
export interface FollowedRun {
  readonly outcome: Outcome;
  readonly agent: AgentResult;
  readonly stdout: DeliveryEnd;
  readonly stderr: DeliveryEnd;
  readonly stderrTail: string;
  /** Why the agent was ended before its time: its provider did not answer for too long. Null where it was not. */
  readonly gaveUp: AgentFailure | null;
}

const STDERR_TAIL_CHARACTERS = 32 * 1024;
/** How long bytes that the exit record promises may take to show, without any new one, in ms. NFS hides them for up to a minute. */
const MISSING_BYTES_MS = 60_000;

/** Follows a run from its first byte to its outcome and its last one. */
export async function followRun(options: {
  host: Host;
  ctx: Pick<AdapterExecutionContext, "onLog" | "onEvent" | "onRuntimeProgress">;
  run: SupervisedRun;
  /** The run's files as the host sees them. */
  paths: Pick<RunFiles, "stdout" | "stderr">;
  reducer: AgentReducer;
  cancelled: AbortSignal;
  keepAliveMs: number;
  /** How long the agent may wait for its provider; 0: for ever. */
  patienceMs: number;
  /** How long the agent CLI may go on after its closing event; 0: for ever. */
  lingerMs: number;
}): Promise<FollowedRun> {
  const { host, ctx, run, paths, reducer, cancelled, keepAliveMs } = options;
  const stderrTail = createTextTail(STDERR_TAIL_CHARACTERS);
  let stands: RunProgress | null = null;
  const keepAlive = startKeepAlive({
    clock: host.clock,
    silenceMs: keepAliveMs,
    liveness: run.liveness,
    waitsFor: () => waitOf(stands),
    write: (line) => ctx.onLog("stderr", line),
  });
  const onLog: typeof ctx.onLog = (stream, chunk) => {
    keepAlive.heard();
    return ctx.onLog(stream, chunk);
  };
  const patience = startPatience({
    clock: host.clock,
    boundMs: options.patienceMs,
    waiting: () => reducer.waiting?.() ?? null,
    write: (line) => ctx.onLog("stderr", line),
    giveUp: ({ message }) => void run.cancel(message),
  });
  const linger = startLinger({
    clock: host.clock,
    boundMs: options.lingerMs,
    isClosed: () => reducer.isClosed?.() ?? false,
    write: (line) => ctx.onLog("stderr", line),
    end: () => void run.cancel("The agent CLI had finished, and did not end."),
  });
  const onStdout = (line: string): void => {
    reducer.push(line);
    patience.look();
    linger.look();
  };
  const onStderr = (line: string): void => {
    stderrTail.push(line);
    reducer.pushStderr?.(line);
    patience.look();
  };
  const stdout = deliver({ path: paths.stdout, stream: "stdout", onLog, onLine: onStdout });
  const stderr = deliver({ path: paths.stderr, stream: "stderr", onLog, onLine: onStderr });
  const report = reportProgress(ctx, run.jobName);
  const stopReporting = run.onProgress((progress) => {
    stands = progress;
    report(progress);
  });
  const cancel = () => void run.cancel(reasonOf(cancelled));
  cancelled.addEventListener("abort", cancel, { once: true });
  if (cancelled.aborted) cancel();

  const ended = await run.outcome;
  cancelled.removeEventListener("abort", cancel);
  stopReporting();
  keepAlive.stop();
  const givenUp = patience.stop();
  // What it had said counts, as if it had ended then; but for a cancel that came meanwhile.
  const isAsSaid = linger.stop() && !cancelled.aborted && ended.writer !== "not_confirmed";
  const outcome: Outcome = isAsSaid && ended.kind === "cancelled" ? { ...ended, kind: "succeeded" } : ended;
  const record = outcome.exitRecord;
  const [out, err] = await Promise.all([
    endOf(stdout, outcome, record?.stdoutBytes ?? null),
    endOf(stderr, outcome, record?.stderrBytes ?? null),
  ]);
  return {
    outcome,
    agent: reducer.result(),
    stdout: out,
    stderr: err,
    stderrTail: stderrTail.text(),
    // Whoever cancels meanwhile is told that it was.
    gaveUp: cancelled.aborted ? null : givenUp,
  };
}

function endOf(
  delivery: ReturnType<typeof deliver>,
  outcome: Outcome,
  expectedBytes: number | null,
): Promise<DeliveryEnd> {
  if (outcome.writer === "never_started") return delivery.stop();
  return delivery.finish({ expectedBytes, timeoutMs: expectedBytes === null ? 1000 : MISSING_BYTES_MS });
}

function reasonOf(signal: AbortSignal): string {
  return signal.reason instanceof Error ? signal.reason.message : String(signal.reason ?? "Cancelled");
}
