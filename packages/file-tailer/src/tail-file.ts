// One file, followed: puts the parts together and answers for their end.
import { Control } from "./control.ts";
import { type Counters, newCounters } from "./counters.ts";
import { FileTailerError } from "./errors.ts";
import { type Ending, follow } from "./follow.ts";
import { type Checkpoint, checkpointBefore, makeCheckpoint } from "./identity/checkpoint.ts";
import type { TailOptions } from "./options.ts";
import { Reader } from "./reading/reader.ts";
import { type ResolvedOptions, resolveOptions } from "./resolve-options.ts";
import type { FinishOptions, FinishResult, Tail, TailBatch, TailStats } from "./tail.ts";

/**
 * Follows a growing file. Nothing is touched until the tail is iterated.
 *
 * @param path of the file, which need not exist yet
 * @param options all have defaults
 * @throws FileTailerError `invalid_option`
 */
export function tailFile(path: string, options: TailOptions = {}): Tail {
  return new FileTail(resolveOptions(path, options));
}

/** How long `stop` waits for a read that hangs with its volume, in ms. */
const STOP_WAIT_MS = 1000;

/** A promise and what settles it. */
function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

class FileTail implements Tail {
  readonly path: string;
  readonly #options: ResolvedOptions;
  readonly #control: Control;
  readonly #reader: Reader;
  readonly #counters: Counters = newCounters();
  readonly #ended = deferred<FinishResult>();
  #iterated = false;

  constructor(options: ResolvedOptions) {
    this.path = options.path;
    this.#options = options;
    this.#control = new Control(options.clock);
    this.#reader = new Reader(options, this.#counters);
    const { signal } = options;
    if (!signal) return;
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  [Symbol.asyncIterator](): AsyncGenerator<TailBatch, void, void> {
    if (this.#iterated) {
      throw new FileTailerError("already_iterated", "A tail can be iterated once", { path: this.path });
    }
    this.#iterated = true;
    return this.#endingAlways(this.#run());
  }

  /** A generator that was never started ends without its own clean-up. */
  #endingAlways(batches: AsyncGenerator<TailBatch, void, void>): AsyncGenerator<TailBatch, void, void> {
    const end = batches.return.bind(batches);
    const fail = batches.throw.bind(batches);
    batches.return = (nothing) => end(nothing).finally(() => this.#stop());
    batches.throw = (error) => fail(error).finally(() => this.#stop());
    return batches;
  }

  finish({ expectedBytes, timeoutMs = 5000 }: FinishOptions = {}): Promise<FinishResult> {
    const { path } = this;
    if (expectedBytes !== undefined && !(Number.isSafeInteger(expectedBytes) && expectedBytes >= 0)) {
      const wrong = `expectedBytes must be a whole number of at least 0, not ${String(expectedBytes)}`;
      throw new FileTailerError("invalid_option", wrong, { path });
    }
    if (typeof timeoutMs !== "number" || !(timeoutMs >= 0)) {
      const wrong = `timeoutMs must be a number of at least 0, not ${String(timeoutMs)}`;
      throw new FileTailerError("invalid_option", wrong, { path });
    }
    this.#control.requestFinish({ expectedBytes, timeoutMs });
    return this.#ended.promise;
  }

  wake(): void {
    this.#control.wake();
  }

  checkpoint(): Checkpoint {
    const { positioned, history } = this.#reader;
    return positioned ? makeCheckpoint(history) : checkpointBefore(this.#options.from);
  }

  stats(): TailStats {
    const { history, source } = this.#reader;
    const { offset, deliveredOffset } = history;
    const lagBytes = Math.max(0, source.sizeHint - offset);
    return { ...this.#counters, opens: source.opens, offset, deliveredOffset, lagBytes };
  }

  stop(): Promise<void> {
    return this.#stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stop();
  }

  async *#run(): AsyncGenerator<TailBatch, void, void> {
    let ending: Ending | undefined;
    let error: FileTailerError | undefined;
    try {
      const { abortedBy } = this.#control;
      if (abortedBy) throw abortedBy;
      if (this.#control.stopped) return;
      ending = yield* follow({
        options: this.#options,
        control: this.#control,
        reader: this.#reader,
        counters: this.#counters,
      });
      if (this.#control.abortedBy) throw this.#control.abortedBy;
    } catch (cause) {
      error = this.#asOwnError(cause);
      throw error;
    } finally {
      this.#settle(ending, error);
      // Who stopped the tail waits for the handle; the consumer is not kept by a read that hangs.
      const stoppedFromOutside = this.#control.stopped;
      const closed = this.#stop();
      if (!stoppedFromOutside) await closed;
    }
  }

  readonly #onAbort = (): void => {
    const cause: unknown = this.#options.signal?.reason;
    void this.#stop(new FileTailerError("aborted", `Aborted: ${this.path}`, { path: this.path, cause }));
  };

  async #stop(abortedBy?: FileTailerError): Promise<void> {
    this.#control.requestStop(abortedBy);
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#settle();
    const { clock } = this.#options;
    const { source } = this.#reader;
    if (!source.busy) return source.close();
    await new Promise<void>((resolve) => {
      const timer = clock.setTimeout(resolve, STOP_WAIT_MS);
      void source.close().then(() => {
        clock.clearTimeout(timer);
        resolve();
      });
    });
  }

  #settle(ending?: Ending, error?: FileTailerError): void {
    const { bytes, lines, holes } = this.#counters;
    const reason = error && error.code !== "aborted" ? "failed" : (ending?.reason ?? "stopped");
    const complete =
      reason === "complete" || (reason === "missing" && this.#control.finishing?.expectedBytes === 0);
    const offset = this.#reader.history.deliveredOffset;
    const cause = error ?? ending?.error;
    this.#ended.resolve({
      complete,
      reason,
      bytes,
      lines,
      offset,
      holes,
      ...(cause ? { error: cause } : {}),
    });
  }

  #asOwnError(cause: unknown): FileTailerError {
    const { path } = this;
    if (!(cause instanceof FileTailerError)) {
      return new FileTailerError("io_error", `Cannot follow ${path}`, { path, cause });
    }
    if (cause.path !== undefined) return cause;
    // The parts that know lines do not know the file.
    const { code, message, offset } = cause;
    return new FileTailerError(code, `${message}: ${path}`, { path, offset });
  }
}
