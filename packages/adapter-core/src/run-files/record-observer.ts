import { lstat } from "node:fs/promises";
import type { ExitRecord } from "@paperclip-k8s/job-manifest";
import type { Clock } from "@paperclip-k8s/job-supervisor";
import { readRecord } from "./read-record.ts";

/** What the run directory shows of a run. */
export interface SeenFiles {
  readonly started: boolean;
  readonly record: ExitRecord | null;
}

/** Looks at the marks and records of all runs of a process. */
export interface RecordObserver {
  /** Tells `listener` of each change until `signal` aborts. */
  observe(
    paths: { readonly exit: string; readonly started: string },
    listener: (seen: SeenFiles) => void,
    signal: AbortSignal,
  ): void;
}

/** How the observer looks. Neither rejects: what cannot be seen now is looked at again in the next round. */
export interface RecordFiles {
  exists(path: string): Promise<boolean>;
  /** Null while there is no whole record. */
  readRecord(path: string): Promise<ExitRecord | null>;
}

interface Watched {
  readonly exit: string;
  readonly started: string;
  readonly listener: (seen: SeenFiles) => void;
  seen: SeenFiles;
}

/** From the agent's end to the outcome in 300 ms needs a look about this often, in ms. */
const EVERY_MS = 200;
/** libuv has four threads for all files of the host; two at most are ours. */
const IN_FLIGHT = 2;

/**
 * One loop for all runs: every round looks at each of them on a fresh open, few at a time, and rounds are at
 * least `everyMs` apart. With thousands of runs a round takes longer and latency grows, but the host's own
 * file operations do not queue behind ours.
 */
export function createRecordObserver(options: {
  clock: Clock;
  /** Between two rounds, in ms. Default 200. */
  everyMs?: number;
  /** Default: the machine's own. */
  files?: RecordFiles;
}): RecordObserver {
  const { clock, everyMs = EVERY_MS, files = nodeRecordFiles } = options;
  const watched = new Set<Watched>();
  let running = false;

  async function round(): Promise<void> {
    const queue = [...watched];
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) if (watched.has(next)) await look(next);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    if (watched.size > 0) clock.schedule(() => void round(), everyMs);
    else running = false;
  }

  async function look(run: Watched): Promise<void> {
    const started = run.seen.started || (await files.exists(run.started));
    const record = run.seen.record ?? (await files.readRecord(run.exit));
    if (started === run.seen.started && record === run.seen.record) return;
    run.seen = { started, record };
    if (watched.has(run)) tell(run);
  }

  return {
    observe: (paths, listener, signal) => {
      if (signal.aborted) return;
      const run: Watched = { ...paths, listener, seen: { started: false, record: null } };
      watched.add(run);
      signal.addEventListener("abort", () => watched.delete(run), { once: true });
      if (running) return;
      running = true;
      void round();
    },
  };
}

/** The loop is every run's: one listener that throws must not end it. */
function tell({ listener, seen }: Watched): void {
  try {
    listener(seen);
  } catch {
    // What it could not take it can ask for: the files are still there.
  }
}

/** Errors of a network file system pass. */
async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

const nodeRecordFiles: RecordFiles = { exists, readRecord };

/** What is there of a run at this moment, each on a fresh open. */
export async function lookAtFiles(
  paths: { readonly exit: string; readonly started: string },
  files: RecordFiles = nodeRecordFiles,
): Promise<SeenFiles> {
  return { started: await files.exists(paths.started), record: await files.readRecord(paths.exit) };
}
