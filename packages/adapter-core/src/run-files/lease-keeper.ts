import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { Clock } from "@paperclip-k8s/job-supervisor";

/** Renews the leases of all runs that a process follows: a pod whose lease is left alone ends its agent. */
export interface LeaseKeeper {
  /** Renews the lease at `path` from now on, until `signal` aborts. A run without a lease file has none. */
  keep(path: string, signal: AbortSignal): void;
}

/** How a lease is renewed. Rejects where it cannot be now. */
export type RenewLease = (path: string, now: number) => Promise<void>;

/** Three times in the shortest lease that a config may have, in ms. */
const EVERY_MS = 5000;
/** libuv has four threads for all files of the host; two at most are ours. */
const IN_FLIGHT = 2;
/**
 * The agent may write into the folder: a link would lead out of it, a FIFO would keep one of libuv's threads.
 * Never made here: a lease that is gone is the end of its run, or was never asked for.
 */
const FLAGS = constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** One loop for all runs, at least `everyMs` from round to round. What fails is tried again in the next one. */
export function createLeaseKeeper(options: {
  clock: Clock;
  /** Between two rounds, in ms. Default 5000. */
  everyMs?: number;
  /** Default: writes the time into the file, in place. */
  renew?: RenewLease;
}): LeaseKeeper {
  const { clock, everyMs = EVERY_MS, renew = writeTime } = options;
  const kept = new Set<string>();
  let running = false;

  async function round(): Promise<void> {
    const queue = [...kept];
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) if (kept.has(next)) await renewOne(next);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    if (kept.size > 0) clock.schedule(() => void round(), everyMs);
    else running = false;
  }

  async function renewOne(path: string): Promise<void> {
    try {
      await renew(path, clock.now());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") kept.delete(path);
    }
  }

  return {
    keep: (path, signal) => {
      if (signal.aborted) return;
      kept.add(path);
      signal.addEventListener("abort", () => kept.delete(path), { once: true });
      // Another host may have left it alone for long.
      void renewOne(path);
      if (running) return;
      running = true;
      clock.schedule(() => void round(), everyMs);
    },
  };
}

/** The text of a lease: of one length always, so that it is replaced in place and never seen empty. */
export function leaseText(now: number): string {
  return `${String(now).padStart(15, "0")}\n`;
}

async function writeTime(path: string, now: number): Promise<void> {
  await using file = await open(path, FLAGS);
  await file.write(leaseText(now), 0);
}
