import type { JobSupervisor, Outcome, RunPhase, RunProgress } from "@paperclip-k8s/job-supervisor";
import type { AdapterEnvironmentCheck } from "@paperclipai/adapter-utils/types";
import { type FollowedRun, followRun } from "../../attempt/follow-run.ts";
import { phaseBounds } from "../../attempt/launch-request.ts";
import { sharedCore } from "../../host/core.ts";
import { passingSupervisor } from "../../host/supervisor-for.ts";
import { codeOfOutcome, errorCatalogue } from "../../result/error-catalogue.ts";
import { runPaths } from "../../run-files/run-files.ts";
import { failed, messageOf, passed, warned } from "../check.ts";
import { describeTestRun, type TestedConfig, type TestRun } from "../describe-test-run.ts";
import { checkPullSecrets } from "./check-pull-secrets.ts";
import { checksOfReport } from "./checks-of-report.ts";
import { readReport, reportCommand } from "./pod-report.ts";
import { removeOwnFolders } from "./remove-own-folders.ts";

/** Somebody waits for the answer in front of a form. In ms. */
const PATIENCE_MS = 120_000;
/** What the pod does takes some seconds; a CLI that hangs is ended. In ms. */
const TIMEOUT_MS = 60_000;
const GRACE_MS = 5000;

/**
 * Runs a short pod on the very way of a run, with all that one has but the agent: its Job and Secret, image, user,
 * volume, variables and files. What arrives from it shows that both sides see one volume. Leaves nothing
 * but folders that any run makes and keeps: another one may be using them by now.
 */
export async function checkByPod(tested: TestedConfig): Promise<readonly AdapterEnvironmentCheck[]> {
  const core = sharedCore();
  const leave = core.enter();
  // A namespace that was only tried must not be watched for ever.
  const supervisor = passingSupervisor({ ...tested, core });
  try {
    const run = await describeTestRun(tested);
    return await runPod({ tested, run, supervisor }).finally(() => removeOwnFolders(run));
  } catch (error) {
    const hint = "Read the message; where it says nothing of the config, the host's log says more.";
    return [failed("test_pod", "The test pod could not be run.", hint, messageOf(error))];
  } finally {
    supervisor.close();
    leave();
  }
}

async function runPod(options: {
  tested: TestedConfig;
  run: TestRun;
  supervisor: JobSupervisor;
}): Promise<readonly AdapterEnvironmentCheck[]> {
  const { tested, run: test, supervisor } = options;
  const { host, definition, config, placement } = tested;
  const bounds = { ...phaseBounds(config), timeoutMs: TIMEOUT_MS, graceMs: GRACE_MS };
  const cli = definition.commandLine(test.input)[0];
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const launched = await supervisor.launch({
    spec: { ...test.spec, command: reportCommand(cli) },
    files: test.files,
    ...{ concurrency: "unlimited", busyWaitMs: 0, reattach: false, retryOfRunId: null },
    bounds,
    signal: patience,
  });
  if (launched.kind === "refused") return [troubleOf(launched.outcome)];

  const { run } = launched;
  let seen: RunProgress | null = null;
  const stopLooking = run.onProgress((progress) => {
    if (progress.phase !== "stopping") seen = progress;
  });
  const lines: string[] = [];
  const followed = await followRun({
    ...{ host, run, ctx: { onLog: async () => {} } },
    paths: runPaths(config.volumeHostPath, run.run),
    reducer: { push: (line) => void lines.push(line), result: () => NO_AGENT },
    ...{ cancelled: patience, keepAliveMs: PATIENCE_MS, patienceMs: 0, lingerMs: 0 },
  });
  stopLooking();
  const { podName } = followed.outcome.evidence;
  const pull = podName === null ? [] : await checkPullSecrets(placement, podName);
  await run.cleanUp({ retainJob: false, patienceMs: bounds.cleanupMs });
  const apiUrl = test.spec.environment["PAPERCLIP_API_URL"] ?? "";
  const asked = { label: definition.label, image: placement.image, cli, apiUrl };
  const trouble = troubleOfEnd({ tested, outcome: followed.outcome, seen });
  if (trouble !== null) return [trouble, ...pull];
  const report = followed.stdout.complete ? readReport(lines) : null;
  if (report === null) return [incomplete(followed.stdout.problem), ...pull];
  return [...ranChecks(followed), ...checksOfReport(asked, report), ...pull];
}

/** The test pod runs no agent. */
const NO_AGENT: FollowedRun["agent"] = {
  ...{ state: "never_started", sessionId: null, model: null, usage: null, costUsd: null },
  ...{ sessionCostUsd: null, summary: null, failure: null, details: {} },
};

function ranChecks({ outcome }: FollowedRun): readonly AdapterEnvironmentCheck[] {
  const { podName, nodeName } = outcome.evidence;
  return [
    passed("test_pod", `A test pod ran${nodeName ? ` on node ${nodeName}` : ""}.`, podName),
    passed("volume_shared", "What the pod wrote to the volume arrived at the host."),
  ];
}

/** Why the pod did not come to a good end; null where it did. */
function troubleOfEnd(end: {
  tested: TestedConfig;
  outcome: Outcome;
  seen: RunProgress | null;
}): AdapterEnvironmentCheck | null {
  const { tested, outcome, seen } = end;
  if (outcome.kind === "cancelled") return notYet(seen);
  if (leftNothing(outcome)) return otherVolume(tested, outcome);
  return outcome.kind === "succeeded" ? null : troubleOf(outcome);
}

/** It ended well, and not all that it wrote is where the host looks. */
function incomplete(problem: string | null): AdapterEnvironmentCheck {
  const { meaning, remedy } = errorCatalogue.k8s_log_incomplete;
  return failed("volume_shared", `A run would fail: ${meaning}`, remedy, problem);
}

/** It ran to its end, and nothing of that is where the host looks. */
function leftNothing(outcome: Outcome): boolean {
  if (outcome.kind === "start_failed") return outcome.failure === "output_unwritable";
  if (outcome.kind === "volume_mismatch") return true;
  return outcome.exitRecord === null && (outcome.kind === "succeeded" || outcome.kind === "failed");
}

function troubleOf(outcome: Outcome): AdapterEnvironmentCheck {
  const code = codeOfOutcome[outcome.kind] ?? "agent_failed";
  const { meaning, remedy } = errorCatalogue[code];
  return failed(code, `A run would fail: ${meaning}`, remedy, outcome.message);
}

/** The folder and files that the host has made are not there for the pod: of another volume, or another user. */
function otherVolume({ config, placement }: TestedConfig, outcome: Outcome): AdapterEnvironmentCheck {
  const { claimName, user } = placement;
  const message = `The pod does not find, or may not write, the run directory that the host made: the claim ${claimName} is not the volume that the host has at ${config.volumeHostPath}, or belongs to another user.`;
  const hint = `Set volumeClaim to the very claim that is mounted at ${config.volumeHostPath}. If it is, its storage does not let ${user.uid}:${user.gid} write: set runAsUser and runAsGroup to the owner of its folders.`;
  return failed("volume_shared", message, hint, outcome.message);
}

const LOOK_AT: Readonly<Record<RunPhase, string>> = {
  queued: "Look at the queue (kueueQueue).",
  scheduling: "Make room, or correct resources, nodeSelector or tolerations.",
  pulling: "Check that image is spelt right, that the nodes reach its registry, and imagePullSecrets.",
  starting: "Look at the pod's events (kubectl describe pod): a volume or a Secret may be missing.",
  running: "Run the agent CLI with --version in the image: it may hang.",
  finishing: "Look at the node: it tells late of the pod's end.",
  stopping: "Look at the node: it ends the pod late.",
};

function notYet(seen: RunProgress | null): AdapterEnvironmentCheck {
  const message = `The test pod did not come to its end within ${PATIENCE_MS / 1000} s (${seen?.phase ?? "not created"}).`;
  const hint = "A run waits longer (bounds), and may come through.";
  return warned("test_pod", message, `${hint} ${LOOK_AT[seen?.phase ?? "scheduling"]}`, seen?.detail ?? null);
}
