// The buffers that a tail reads into: one that is cut into lines and, since most of the time of a read is spent
// waiting for a thread, one that is read meanwhile.
import { RECENT_BYTES } from "../identity/history.ts";
import type { Scheduler } from "../scheduling/scheduler.ts";

/** What chunks are read with. */
export interface ChunksOptions {
  readonly scheduler: Scheduler;
  readonly readBufferBytes: number;
  /** Runs an operation when it is this tail's turn. */
  readonly io: <T>(operation: () => Promise<T>) => Promise<T>;
  /** Reads at a position into the buffer, more than `known` bytes unless the file ends before. */
  readonly fill: (buffer: Buffer, position: number, known: number) => Promise<number>;
}

interface Chunk {
  readonly buffer: Buffer;
  readonly bytes: number;
}

/**
 * How many chunks the tails of a scheduler have. Where several tails read, one is read while
 * another is cut anyway, and buffers for all of them would be many: only a tail that is alone takes two.
 */
const chunksOf = new WeakMap<Scheduler, number>();

/** Reads the chunks of a tail, and owns their buffers. */
export class Chunks {
  readonly #options: ChunksOptions;
  #ahead: { readonly position: number; readonly chunk: Promise<Chunk> } | undefined;
  #kept: Chunk | undefined;
  #keeps = false;
  #own = 0;
  #closed = false;

  constructor(options: ChunksOptions) {
    this.#options = options;
  }

  /** Whether no other tail of the scheduler reads. */
  get #alone(): boolean {
    return chunksOf.get(this.#options.scheduler) === this.#own;
  }

  /**
   * Reads at a position, of which the first `known` bytes are to be compared, and hands all to `use`, which must not
   * hold on to them unless it calls `keep`.
   */
  async read<T>(position: number, known: number, use: (bytes: Buffer) => T): Promise<T> {
    this.giveBack();
    const ahead = this.#ahead;
    if (ahead?.position === position) {
      this.#ahead = undefined;
      return this.#use(await ahead.chunk, position, use);
    }
    await this.drop();
    // Used while it is still this tail's turn, so that the buffer is back before the next tail wants one.
    return this.#options.io(async () => this.#use(await this.#fill(position, known), position, use));
  }

  /** Called by `use`: true if the bytes stay as they are until the next read or `giveBack`. */
  keep(): boolean {
    this.#keeps = this.#alone && !this.#closed;
    return this.#keeps;
  }

  /** Says that what was kept is not wanted any more. */
  giveBack(): void {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept) this.#giveBack(kept);
  }

  /** Gives back what was read ahead. Resolves once nothing is read any more; never rejects. */
  async drop(): Promise<void> {
    const ahead = this.#ahead;
    if (!ahead) return;
    this.#ahead = undefined;
    try {
      this.#giveBack(await ahead.chunk);
    } catch {
      // A read that failed has given its buffer back.
    }
  }

  /** Gives back all there is; no chunk is read ahead or kept from now on. */
  close(): Promise<void> {
    this.#closed = true;
    this.giveBack();
    return this.drop();
  }

  #use<T>(chunk: Chunk, position: number, use: (bytes: Buffer) => T): T {
    this.#keeps = false;
    try {
      // A full buffer means that there is more, most likely.
      if (chunk.bytes === chunk.buffer.length) this.#readAhead(position + chunk.bytes - RECENT_BYTES);
      return use(chunk.buffer.subarray(0, chunk.bytes));
    } finally {
      if (this.#keeps) this.#kept = chunk;
      else this.#giveBack(chunk);
    }
  }

  #readAhead(position: number): void {
    if (this.#closed || !this.#alone) return;
    const chunk = this.#options.io(() => this.#fill(position, RECENT_BYTES));
    // Whoever takes the chunk hears of its error; one that nobody takes must not end the process.
    chunk.catch(() => {});
    this.#ahead = { position, chunk };
  }

  async #fill(position: number, known: number): Promise<Chunk> {
    const { scheduler, readBufferBytes, fill } = this.#options;
    const buffer = scheduler.takeBuffer(readBufferBytes);
    this.#count(1);
    try {
      return { buffer, bytes: await fill(buffer, position, known) };
    } catch (error) {
      this.#giveBack({ buffer, bytes: 0 });
      throw error;
    }
  }

  #giveBack({ buffer }: Chunk): void {
    this.#count(-1);
    this.#options.scheduler.giveBuffer(buffer);
  }

  #count(change: 1 | -1): void {
    const { scheduler } = this.#options;
    this.#own += change;
    chunksOf.set(scheduler, (chunksOf.get(scheduler) ?? 0) + change);
  }
}
