// The way of the demo: a stage, two runs on it, what they cost, and what they left.
import { randomUUID } from "node:crypto";
import type { DemoOptions } from "./options.ts";
import { isClean, whatIsLeft } from "./proof/what-is-left.ts";
import { type FinishedRun, runAgent } from "./run/run-agent.ts";
import { firstTask, secondTask } from "./run/tasks.ts";
import type { Show } from "./show/demo-event.ts";
import { openClusterStage } from "./stage/cluster-stage.ts";
import { openSandboxStage } from "./stage/sandbox-stage.ts";
import type { Stage } from "./stage/stage.ts";

/** What the demo takes from its process. */
export interface RunDemoOptions {
  readonly options: DemoOptions;
  /** The process's own: the sandbox's host pod is named in it, as a real one's is. */
  readonly environment: NodeJS.ProcessEnv;
  readonly show: Show;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs the demo and tells the exit code. Throws DemoError for what the user has to mend. */
export async function runDemo({ options, environment, show, signal }: RunDemoOptions): Promise<number> {
  const agent = { agentId: randomUUID(), companyId: randomUUID() };
  await using stage = await openStage(options, environment, agent.agentId);
  show({ type: "stage", ...stage.description });
  const runs = await runTasks({ stage, agent, show, signal });
  if (runs.length === 0) show({ type: "cancel", state: "not_started" });
  else show({ type: "table", runs: runs.map(({ figures }) => figures) });

  const wasCancelled = signal.aborted;
  const left = await whatIsLeft(stage);
  const clean = isClean(left);
  show({ type: "proof", left, clean });
  if (clean) await stage.tidy();
  // Who asked while this was looked up gets an answer, too.
  if (signal.aborted && !wasCancelled) show({ type: "cancel", state: "too_late" });
  return exitCode({ runs, clean, cancelled: signal.aborted });
}

function openStage(options: DemoOptions, environment: NodeJS.ProcessEnv, agentId: string): Promise<Stage> {
  const { live } = options;
  return options.cluster
    ? openClusterStage({ options, environment, agentId })
    : openSandboxStage({ live, environment });
}

/** One run after the other, each in the session that the one before it left, until one does not succeed. */
async function runTasks(demo: {
  readonly stage: Stage;
  readonly agent: { readonly agentId: string; readonly companyId: string };
  readonly show: Show;
  readonly signal: AbortSignal;
}): Promise<readonly FinishedRun[]> {
  const runs: FinishedRun[] = [];
  for (const [index, task] of [firstTask, secondTask].entries()) {
    const previous = runs.at(-1);
    if (demo.signal.aborted || (previous && previous.figures.outcome !== "succeeded")) break;
    runs.push(await runAgent({ ...demo, run: index + 1, task, session: previous?.session ?? null }));
  }
  return runs;
}

function exitCode(end: {
  readonly runs: readonly FinishedRun[];
  readonly clean: boolean;
  readonly cancelled: boolean;
}): number {
  const isWell = end.runs.every(
    ({ figures }) => figures.outcome === "succeeded" || figures.cancellation === "confirmed",
  );
  if (!end.clean || !isWell) return 1;
  return end.cancelled ? 130 : 0;
}
