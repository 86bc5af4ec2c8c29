// What the outside may ask of a running tail (wake, finish, stop), and how the loop hears of it.
import type { FileTailerError } from "./errors.ts";
import type { Clock } from "./scheduling/clock.ts";
import { onPollTick } from "./scheduling/poll-ticks.ts";

/** What `finish` asked for. */
export interface FinishRequest {
  /** Bytes that the file should have, if the writer said so. */
  readonly expectedBytes: number | undefined;
  /** How long to wait without any new byte, in ms. */
  readonly timeoutMs: number;
}

/** Requests from outside, and the sleeps and waits of the loop that they cut short. */
export class Control {
  readonly #clock: Clock;
  #wakeSleeper: (() => void) | undefined;
  #stopWaiter: ((nothing: undefined) => void) | undefined;
  #woken = false;
  #stopped = false;
  #abortedBy: FileTailerError | undefined;
  #finish: FinishRequest | undefined;
  #finishingSince = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the tail is to end without another read. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** The error that the iteration throws, if a signal stopped it. */
  get abortedBy(): FileTailerError | undefined {
    return this.#abortedBy;
  }

  /** What `finish` asked for, if it was called. */
  get finishing(): FinishRequest | undefined {
    return this.#finish;
  }

  /** Whether `finish` waits for the end within a bound. */
  get hurried(): boolean {
    return this.#finish !== undefined && this.#finish.timeoutMs < Number.POSITIVE_INFINITY;
  }

  /** When `finish` was called last, on the tail's clock. */
  get finishingSince(): number {
    return this.#finishingSince;
  }

  /** Ends the current sleep, or the next one if there is none. */
  wake(): void {
    this.#woken = true;
    this.#wakeSleeper?.();
  }

  /** Notes whether somebody called `wake` since the last time this was asked. */
  takeWake(): boolean {
    const woken = this.#woken;
    this.#woken = false;
    return woken;
  }

  /** Asks for an orderly end. A later request replaces an earlier one. */
  requestFinish(request: FinishRequest): void {
    this.#finish = request;
    this.#finishingSince = this.#clock.now();
    this.wake();
  }

  /** Asks for an end at once. */
  requestStop(abortedBy?: FileTailerError): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#abortedBy = abortedBy;
    this.#stopWaiter?.(undefined);
    this.wake();
  }

  /**
   * Resolves after `ms`, or as soon as somebody wakes, finishes or stops the tail. With `gridMs` it may resolve up
   * to that much earlier, together with others.
   */
  sleep(ms: number, gridMs?: number): Promise<void> {
    if (this.#woken || this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#wakeSleeper = undefined;
        cancel();
        resolve();
      };
      const cancel = this.#callBack(done, ms, gridMs);
      this.#wakeSleeper = done;
    });
  }

  #callBack(callback: () => void, ms: number, gridMs: number | undefined): () => void {
    const clock = this.#clock;
    if (gridMs !== undefined) return onPollTick(clock, ms, Math.min(ms, gridMs), callback);
    const timer = clock.setTimeout(callback, ms);
    return () => clock.clearTimeout(timer);
  }

  /** Settles as the work does, or resolves to undefined once stopped: a read may hang as long as the volume does. */
  async untilStopped<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await new Promise<T | undefined>((resolve, reject) => {
        if (this.#stopped) resolve(undefined);
        // One slot rather than Promise.race, which would keep a reaction for each read until the very end.
        this.#stopWaiter = resolve;
        work.then(resolve, reject);
      });
    } finally {
      // Emptied, since what hangs on a slot that lives long is what the garbage collector carries along.
      this.#stopWaiter = undefined;
    }
  }
}
