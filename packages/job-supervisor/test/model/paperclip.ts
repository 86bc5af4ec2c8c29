// The server whose runs a schedule is about: it launches each, cancels some, and tries again what a dead host lost.
import { createHash } from "node:crypto";
import type { AgentRunSpec } from "@paperclip-k8s/job-manifest";
import type { LaunchRequest, LaunchResult } from "../../src/index.ts";
import { sleep } from "../../src/index.ts";
import { type ModelHost, NAMING } from "./host.ts";
import type { Ledger } from "./ledger.ts";
import type { Dice } from "./random.ts";
import type { Sim } from "./sim.ts";
import type { Volume } from "./volume.ts";

/** Something that an agent was asked for. */
export interface Work {
  readonly id: string;
  readonly agentId: string;
  readonly taskId: string;
  readonly prompt: string;
  readonly timeoutMs: number;
  readonly busyWaitMs: number;
  /** When it is cancelled, in ms after its launch; null: never. */
  readonly cancelAfterMs: number | null;
}

/** One launch that a host was asked for, and what came of it. */
export interface Attempt {
  readonly runId: string;
  readonly host: ModelHost;
  answers: number;
  outcomes: number;
  isOver: boolean;
}

export interface Paperclip {
  /** Runs a work on a host until somebody has told its end. */
  run(work: Work, host: ModelHost): void;
  /** A host has died: what it had to tell is asked of another. */
  lost(host: ModelHost): void;
  readonly attempts: readonly Attempt[];
}

const TRIES = 4;
/** Within this a Job may live without a host, in ms. */
export const ORPHAN_MAX_AGE_MS = 7_200_000;

export function createPaperclip(options: {
  sim: Sim;
  dice: Dice;
  ledger: Ledger;
  volume: Volume;
  anyHost: () => ModelHost;
}): Paperclip {
  const { sim, dice, ledger, volume, anyHost } = options;
  const attempts: Attempt[] = [];
  const lostBy = new Map<Attempt, () => void>();
  let serial = 0;

  function begin(options: {
    work: Work;
    host: ModelHost;
    tries: number;
    runId?: string;
    retryOf: string | null;
  }): void {
    const { work, host, tries, retryOf } = options;
    serial += 1;
    const runId = options.runId ?? `run-${serial}`;
    const attempt: Attempt = { runId, host, answers: 0, outcomes: 0, isOver: false };
    attempts.push(attempt);
    ledger.note(`${host.name} is asked for ${work.id} as ${runId}`);
    lostBy.set(attempt, () => {
      if (tries >= TRIES) return;
      // The server tells the run as lost, and asks for its work again: as the same run or as a retry of it.
      const isSame = dice.chance(0.4);
      const next = { work, tries: tries + 1, ...(isSame ? { runId, retryOf: null } : { retryOf: runId }) };
      sim.schedule(() => begin({ ...next, host: anyHost() }), dice.delay(60_000));
    });
    void play(attempt, { work, retryOf }).catch((error: unknown) => {
      if (!host.isDead()) ledger.fail(`${runId} threw ${String(error)}`);
    });
    // A server that takes a live host for dead asks a second one for the same.
    if (tries === 1 && dice.chance(0.06))
      sim.schedule(
        () => begin({ work, host: anyHost(), tries: TRIES, runId, retryOf: null }),
        dice.delay(30_000),
      );
  }

  async function play(
    attempt: Attempt,
    { work, retryOf }: { work: Work; retryOf: string | null },
  ): Promise<void> {
    const { host, runId } = attempt;
    const cancel = new AbortController();
    if (work.cancelAfterMs !== null) host.clock.schedule(() => cancel.abort(), work.cancelAfterMs);
    for (;;) {
      const result = await host.supervisor.launch(
        requestOf({ work, runId, retryOf, host, signal: cancel.signal }),
      );
      attempt.answers += 1;
      const followed = await follow(attempt, work, result, cancel.signal);
      const isOthers = result.kind === "attached" && followed && !isSame(result, work, runId, retryOf);
      if (!isOthers || cancel.signal.aborted) break;
    }
    attempt.isOver = true;
    lostBy.delete(attempt);
  }

  /** Follows a Job to its end, reads its output, tells it, and cleans up; false where there is nothing to go on from. */
  async function follow(
    attempt: Attempt,
    work: Work,
    result: LaunchResult,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { host, runId } = attempt;
    if (result.kind === "refused") {
      ledger.note(`${runId} is refused: ${result.outcome.kind}: ${result.outcome.message}`);
      return false;
    }
    const { run } = result;
    const { uid } = run.run;
    ledger.note(`${runId} is ${result.kind} to ${uid}`);
    if (work.timeoutMs > 0) ledger.bound(uid, work.timeoutMs);
    const cancel = () => {
      ledger.cancelled(runId);
      if (ledger.processes.get(uid)?.alive !== false) ledger.entitle(uid, `the cancellation of ${runId}`);
      void run.cancel("over");
    };
    signal.addEventListener("abort", cancel, { once: true });
    if (signal.aborted) cancel();
    const outcome = await run.outcome;
    signal.removeEventListener("abort", cancel);
    attempt.outcomes += 1;
    ledger.outcome(uid, runId, outcome);
    await sleep({ clock: host.clock, ms: dice.delay(3000) });
    readOutput(run.run.identity.runId, uid, outcome.exitRecord !== null);
    const process = ledger.processes.get(uid);
    if (process) ledger.told(process.work);
    await run.cleanUp({ retainJob: false, patienceMs: result.kind === "attached" ? 60_000 : 1000 });
    return outcome.writer !== "not_confirmed" && outcome.kind !== "cancelled";
  }

  /** What was promised on record must still be there when it is read. */
  function readOutput(fileOf: string, uid: string, hasRecord: boolean): void {
    const files = volume.folder(fileOf);
    const process = ledger.processes.get(uid);
    if (!hasRecord || !process || ledger.isEntitled(uid)) return;
    if (!files.present) ledger.fail(`the output of ${fileOf} is gone before it was read`);
    else if (files.lines !== process.lines)
      ledger.fail(`${fileOf} wrote ${process.lines} lines, and ${files.lines} are there`);
  }

  return {
    attempts,
    run: (work, host) => begin({ work, host, tries: 1, retryOf: null }),
    lost: (host) => {
      for (const [attempt, retry] of [...lostBy]) {
        if (attempt.host !== host) continue;
        lostBy.delete(attempt);
        retry();
      }
    },
  };
}

/** Whether what was followed was this very work: adapter-core's rule. */
function isSame(
  { orphan }: Extract<LaunchResult, { kind: "attached" }>,
  work: Work,
  runId: string,
  retryOf: string | null,
): boolean {
  if (orphan.identity.runId === retryOf || orphan.identity.runId === runId) return true;
  return orphan.promptSha256 === hashOf(work.prompt);
}

const hashes = new Map<string, string>();

function hashOf(prompt: string): string {
  const known = hashes.get(prompt) ?? createHash("sha256").update(prompt).digest("hex");
  hashes.set(prompt, known);
  return known;
}

function requestOf(options: {
  work: Work;
  runId: string;
  retryOf: string | null;
  host: ModelHost;
  signal: AbortSignal;
}): LaunchRequest {
  const { work, runId, retryOf, host, signal } = options;
  const spec: AgentRunSpec = {
    identity: {
      ...{ adapterType: "example_k8s", companyId: "c1", agentId: work.agentId, runId },
      ...{ taskId: work.taskId, sessionId: null, attempt: 1 },
    },
    naming: NAMING,
    namespace: "agents",
    image: "registry.example/agent:1",
    command: ["agent-cli"],
    workingDirectory: "/paperclip",
    prompt: work.prompt,
    environment: {},
    volume: { claimName: "shared", mountPath: "/paperclip" },
    runDirectory: "runs/c1",
    user: { uid: 1000, gid: 1000 },
    bounds: { schedulingSec: 300, imagePullSec: 900, startSec: 120, timeoutSec: 0, graceSec: 30 },
    ttlSecondsAfterFinished: 300,
  };
  return {
    ...{ spec, files: host.filesFor(runId), concurrency: "agent", busyWaitMs: work.busyWaitMs },
    ...{ reattach: true, retryOfRunId: retryOf, signal, orphanMaxAgeMs: ORPHAN_MAX_AGE_MS },
    bounds: {
      ...{ schedulingMs: 300_000, imagePullMs: 900_000, startMs: 120_000 },
      ...{ timeoutMs: work.timeoutMs, graceMs: 30_000, cleanupMs: 60_000 },
    },
  };
}
