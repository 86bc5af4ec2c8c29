// Few file operations in flight, whatever the number of tails.
// libuv has four threads for files, DNS and crypto alike; a slow volume must not take all of them.
import { FileTailerError } from "../errors.ts";

/** Lets a bounded number of file operations run at a time, first come, first served. */
export interface Scheduler {
  /** Runs the operation when there is room, and settles as it does. */
  run<T>(operation: () => Promise<T>): Promise<T>;
  /** Takes a buffer of that many bytes out of the pool; its contents are undefined. */
  takeBuffer(bytes: number): Buffer;
  /** Puts a buffer back. */
  giveBuffer(buffer: Buffer): void;
}

/** How a scheduler is set up. */
export interface SchedulerOptions {
  /** How many operations may run at a time. Default 3, one less than the threads of libuv. */
  readonly maxInFlight?: number;
}

/** Makes a scheduler of its own, for tails that must not wait for others. Throws `invalid_option`. */
export function createScheduler({ maxInFlight = 3 }: SchedulerOptions = {}): Scheduler {
  if (!(Number.isSafeInteger(maxInFlight) && maxInFlight > 0)) {
    const message = `maxInFlight must be a whole number of at least 1, not ${String(maxInFlight)}`;
    throw new FileTailerError("invalid_option", message);
  }
  const waiting: (() => void)[] = [];
  const free: Buffer[] = [];
  let running = 0;
  return {
    async run(operation) {
      if (running >= maxInFlight) await new Promise<void>((resolve) => waiting.push(resolve));
      else running++;
      try {
        return await operation();
      } finally {
        // The place is handed on rather than given back, so that nobody overtakes the queue.
        const next = waiting.shift();
        if (next) next();
        else running--;
      }
    },
    takeBuffer(bytes) {
      const last = free.pop();
      return last !== undefined && last.length === bytes ? last : Buffer.allocUnsafeSlow(bytes);
    },
    giveBuffer(buffer) {
      if (free.length < maxInFlight) free.push(buffer);
    },
  };
}

let shared: Scheduler | undefined;

/** The scheduler that all tails of this process share by default; made at its first use. */
export function sharedScheduler(): Scheduler {
  shared ??= createScheduler();
  return shared;
}
