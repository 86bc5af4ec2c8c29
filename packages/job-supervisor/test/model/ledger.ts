// What has really happened in a schedule, and what must never happen in any.
import type { Outcome } from "../../src/index.ts";
import type { Sim } from "./sim.ts";

/** The agent's process in a pod: the truth that the supervisor does not see. */
export interface Process {
  readonly jobUid: string;
  readonly runId: string;
  /** Company and agent: of these at most one may be alive. */
  readonly key: string;
  /** What was asked for: retries of a run ask for the same. */
  readonly work: string;
  readonly startedAt: number;
  alive: boolean;
  lines: number;
  /** How it ended; null while it lives. */
  end: { readonly by: "itself" | "signal" | "kill"; readonly status: number } | null;
  endedAt: number;
}

export interface Ledger {
  readonly failures: string[];
  readonly log: string[];
  note(text: string): void;
  fail(text: string): void;
  started(process: Process): void;
  readonly processes: ReadonlyMap<string, Process>;
  /** Somebody wants this run to end. */
  cancelled(runId: string): void;
  /** Somebody is entitled to end this Job, and why. */
  entitle(jobUid: string, why: string): void;
  isEntitled(jobUid: string): string | undefined;
  /** Whoever follows this Job may end it this long after its process began, in ms. */
  bound(jobUid: string, timeoutMs: number): void;
  deletion(jobUid: string, by: string): void;
  outcome(jobUid: string, runId: string, outcome: Outcome): void;
  /** What a work's end was told as, once its output was read. */
  told(work: string): void;
  /** The Job was collected or lost by other means: nobody can tell its end any more. */
  forgotten(jobUid: string): void;
}

/** What has ended longer ago is the sweep's. */
const COLLECT_WITHIN_MS = 590_000;

export function createLedger(sim: Sim): Ledger {
  const failures: string[] = [];
  const log: string[] = [];
  const processes = new Map<string, Process>();
  const entitled = new Map<string, string>();
  const neverStarted = new Set<string>();
  const forgotten = new Set<string>();
  const tellings = new Map<string, number>();
  const cancelled = new Set<string>();
  const bounds = new Map<string, number>();
  const startedAt = sim.now();

  const ledger: Ledger = {
    failures,
    log,
    processes,
    note: (text) => void log.push(`${((sim.now() - startedAt) / 1000).toFixed(3)} ${text}`),
    fail: (text) => {
      ledger.note(`VIOLATED: ${text}`);
      failures.push(text);
    },
    started: (process) => {
      ledger.note(`process of ${process.runId} (${process.jobUid}) starts`);
      for (const other of processes.values()) {
        if (other.alive && other.key === process.key)
          ledger.fail(`two live writers of ${process.key}: ${other.runId} and ${process.runId}`);
        if (other.work === process.work) checkRepeat(other, process);
      }
      if (neverStarted.has(process.jobUid)) ledger.fail(`${process.runId} was told as never started`);
      processes.set(process.jobUid, process);
    },
    cancelled: (runId) => void cancelled.add(runId),
    entitle: (uid, why) => void entitled.set(uid, why),
    isEntitled: (uid) => entitled.get(uid),
    bound: (uid, ms) => void bounds.set(uid, Math.min(ms, bounds.get(uid) ?? ms)),
    deletion: (uid, by) => {
      const process = processes.get(uid);
      const bound = bounds.get(uid);
      if (process && bound !== undefined && sim.now() >= process.startedAt + bound)
        ledger.entitle(uid, "its timeout");
      if (process?.end && sim.now() - process.endedAt > COLLECT_WITHIN_MS) forgotten.add(uid);
      ledger.note(`${by} deletes ${uid}${process?.alive ? ", whose process lives" : ""}`);
      if (process?.alive && !entitled.has(uid))
        ledger.fail(`${by} ends the live process of ${process.runId}`);
    },
    outcome: (uid, runId, outcome) => {
      ledger.note(`outcome of ${runId} (${uid}): ${outcome.kind}, ${outcome.writer}: ${outcome.message}`);
      checkOutcome(uid, runId, outcome);
    },
    told: (work) => void tellings.set(work, (tellings.get(work) ?? 0) + 1),
    forgotten: (uid) => void forgotten.add(uid),
  };

  /** A prompt may be run again only where its end is not known to anybody, or has been told. */
  function checkRepeat(former: Process, now: Process): void {
    const ago = sim.now() - former.endedAt;
    const isEnded = former.end?.by === "itself" && ago > 5000 && ago < COLLECT_WITHIN_MS;
    const isTold = (tellings.get(now.work) ?? 0) > 0;
    if (!isEnded || isTold || forgotten.has(former.jobUid) || entitled.has(former.jobUid)) return;
    ledger.fail(`${now.runId} does again what ${former.runId} has done, whose end nobody has told`);
  }

  function checkOutcome(uid: string, runId: string, outcome: Outcome): void {
    const process = processes.get(uid);
    const { kind, writer } = outcome;
    if (writer === "dead" && process?.alive) ledger.fail(`${runId} is told as dead, and lives`);
    if (writer === "never_started" && process) ledger.fail(`${runId} is told as never started, and was`);
    if (writer === "never_started") neverStarted.add(uid);
    const why = entitled.get(uid);
    const bound = bounds.get(uid) ?? Number.POSITIVE_INFINITY;
    const isLate = process !== undefined && sim.now() >= process.startedAt + bound;
    if (kind === "cancelled" || kind === "timed_out") {
      const isDue = kind === "cancelled" ? cancelled.has(runId) : isLate;
      if (!isDue) ledger.fail(`${runId} is told as ${kind}, and nobody asked`);
      return;
    }
    const end = process?.end;
    if (why) return;
    if (end?.by === "itself") {
      const expected = end.status === 0 ? "succeeded" : "failed";
      const isRight = kind === expected && (outcome.exitRecord === null || outcome.exitCode === end.status);
      if (!isRight) ledger.fail(`${runId} ended by itself with ${end.status} and is told as ${kind}`);
      return;
    }
    if (!forgotten.has(uid)) ledger.fail(`${runId} is told as ${kind} though nothing happened to it`);
  }
  return ledger;
}
