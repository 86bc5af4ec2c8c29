// The open file: which handle is read, and whether the path still means the same file.
import { FileTailerError } from "../errors.ts";
import { compareBytes, type History } from "../identity/history.ts";
import { sameFile } from "../identity/same-file.ts";
import type { ResolvedOptions } from "../resolve-options.ts";
import { Chunks } from "./chunks.ts";
import type { FileGlance, FileStat, FileSystemKind, OpenFile } from "./file-system.ts";
import { errorCode } from "./transient-errors.ts";

/** What a fresh open found: the file, none, or another one. */
export type Found = "file" | "missing" | "other";

interface Opened {
  readonly handle: OpenFile;
  readonly stat: FileStat;
}

/** How many files may wait to be read after this one: each takes a handle. */
const MAX_OTHERS = 16;

/** Owns the handles of a tail. All operations go through the scheduler. */
export class Source {
  readonly #options: ResolvedOptions;
  /** What is read of the file, in its order. */
  readonly chunks: Chunks;
  #current: Opened | undefined;
  /** What the file was when it was last open: outlives the handle. */
  #known: FileStat | undefined;
  /** The files that were found at the path, one after the other, while this one is read to its end. */
  #others: Opened[] = [];
  #kind: FileSystemKind | undefined;
  #closed = false;
  #inFlight = 0;
  readonly #onIdle: (() => void)[] = [];
  #opens = 0;
  #size = 0;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.chunks = new Chunks({
      scheduler: options.scheduler,
      readBufferBytes: options.readBufferBytes,
      io: (operation) => this.#io(operation),
      fill: (buffer, position, known) => this.#fill(buffer, position, known),
    });
  }

  /** How often the file was opened. */
  get opens(): number {
    return this.#opens;
  }

  /** The largest size that the file was said to have, in bytes: a hint. */
  get sizeHint(): number {
    return this.#size;
  }

  /** Whether there is a handle to read from. */
  get isOpen(): boolean {
    return this.#current !== undefined;
  }

  /** Whether an operation is in flight. */
  get busy(): boolean {
    return this.#inFlight > 0;
  }

  /** The sort of file system, once the file was opened. */
  get kind(): FileSystemKind {
    return this.#kind ?? "unknown";
  }

  /** Whether each poll wants a fresh open. */
  get distrusted(): boolean {
    const { reopen } = this.#options;
    return reopen === "always" || (reopen === "auto" && this.#kind !== "local");
  }

  /** Whether the open file can be asked without waiting, and trusted. */
  get local(): boolean {
    return this.#kind === "local" && !this.distrusted;
  }

  /** How the file looks, if that can be told without waiting and the path still means the open one. */
  glance(): FileGlance | undefined {
    const { fileSystem, path } = this.#options;
    if (!this.local || this.#closed || !this.#current || !this.#known) return undefined;
    const found = fileSystem.glance?.(path);
    return found && sameFile(this.#known, found, this.kind) === "same" ? found : undefined;
  }

  /** Opens the path afresh, and takes the new handle if it is of the same file. */
  async refresh(history: History): Promise<Found> {
    const found = await this.#open();
    if (!found) return "missing";
    try {
      this.#kind ??= await this.#io(() => this.#options.fileSystem.kind(this.#options.path));
      if (await this.#isSame(found, history)) {
        await this.#replaceCurrent(found);
        await this.#closeOthers();
        return "file";
      }
    } catch (error) {
      await this.#closeQuietly(found);
      throw error;
    }
    await this.#noteOther(found);
    if (this.#closed) await this.close();
    else await this.#askOldFile();
    return "other";
  }

  /** How far the file reaches that is read to its end: the path does not tell any more. */
  async #askOldFile(): Promise<void> {
    const { handle } = this.#current ?? {};
    if (!handle) return;
    try {
      this.#size = Math.max(this.#size, (await this.#io(() => handle.stat())).size);
    } catch {
      // A handle that is lost says so at the next read.
    }
  }

  /** Asks the path, without opening it, whether a fresh open is called for. */
  async looksOdd(history: History): Promise<boolean> {
    try {
      const stat = await this.#io(() => this.#options.fileSystem.stat(this.#options.path));
      const same = this.#known && sameFile(this.#known, stat, this.kind) === "same";
      return !same || stat.size !== history.offset;
    } catch (error) {
      if (errorCode(error) === "ENOENT") return true;
      throw error;
    }
  }

  /** Goes over to the other file that was found at the path first: its name may be gone by now. */
  async adoptOther(): Promise<void> {
    const other = this.#others.shift();
    if (other) await this.#replaceCurrent(other);
  }

  /** Keeps a handle of each file that was found, the latest one of the last. */
  async #noteOther(found: Opened): Promise<void> {
    const last = this.#others.at(-1);
    const isNew = last === undefined || sameFile(last.stat, found.stat, this.kind) === "different";
    if (isNew && this.#others.length < MAX_OTHERS) {
      this.#others.push(found);
    } else {
      // Where identities mean nothing it may be the same file, whose lines must not come twice.
      await this.#closeQuietly(this.#others.pop());
      this.#others.push(found);
    }
  }

  async #closeOthers(): Promise<void> {
    for (const other of this.#others.splice(0)) await this.#closeQuietly(other);
  }

  /** Reads a range as far as the file goes, for comparisons. */
  readRange(start: number, length: number): Promise<Buffer> {
    return this.#current
      ? this.#range(this.#current.handle, start, length)
      : Promise.resolve(Buffer.alloc(0));
  }

  /** Lets the handles go after an error; what the file was stays known. */
  async drop(): Promise<void> {
    // A descriptor that is closed under a read may be another file's by the time of that read.
    await this.chunks.drop();
    const current = this.#current;
    this.#current = undefined;
    await this.#closeQuietly(current);
    await this.#closeOthers();
  }

  /** Closes what is open, now and whatever an open in flight still brings. */
  async close(): Promise<void> {
    this.#closed = true;
    const dropped = this.chunks.close();
    // A descriptor that is closed under a read may be another file's by the time of that read.
    if (this.#inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle.push(resolve);
      });
    }
    await dropped;
    await this.drop();
  }

  async #open(): Promise<Opened | undefined> {
    const { fileSystem, path } = this.#options;
    let handle: OpenFile;
    try {
      handle = await this.#io(() => fileSystem.open(path));
    } catch (error) {
      if (errorCode(error) === "ENOENT") return undefined;
      throw error;
    }
    this.#opens++;
    try {
      const stat = await this.#io(() => handle.stat());
      if (!stat.isFile) throw new FileTailerError("not_a_file", `Not a regular file: ${path}`, { path });
      return { handle, stat };
    } catch (error) {
      await this.#closeQuietly({ handle });
      throw error;
    }
  }

  async #isSame({ handle, stat }: Opened, history: History): Promise<boolean> {
    if (!this.#known) return true;
    const sameness = sameFile(this.#known, stat, this.kind);
    if (sameness !== "ask_content") return sameness === "same";
    // Nothing was read that could be compared; what the old handle still has must not be lost, though.
    if (history.offset === 0) return (await this.readRange(0, 1)).length === 0;
    for (const { start, bytes } of [history.recent(), history.head()]) {
      if (compareBytes(bytes, await this.#range(handle, start, bytes.length)) !== "same") return false;
    }
    return true;
  }

  async #replaceCurrent(next: Opened): Promise<void> {
    await this.chunks.drop();
    const previous = this.#current;
    this.#current = next;
    this.#known = next.stat;
    this.#size = next.stat.size;
    await this.#closeQuietly(previous);
    if (this.#closed) await this.drop();
  }

  async #fill(buffer: Buffer, position: number, known: number): Promise<number> {
    const first = await this.#readInto(buffer, position);
    if (first === 0 || first > known) return first;
    const filled = await this.#readOn(buffer, position, first, known + 1);
    if (filled <= known) return filled;
    // Between two reads the file may have become another one: what came last counts only if what is known is still
    // before it.
    const again = Buffer.alloc(known);
    const bytes = await this.#readOn(again, position, 0, known);
    if (again.equals(buffer.subarray(0, known))) return filled;
    again.copy(buffer);
    return bytes;
  }

  /** Reads on behind what is there, until at least so many bytes are, or the file ends. */
  async #readOn(buffer: Buffer, position: number, filled: number, least: number): Promise<number> {
    let all = filled;
    while (all < least) {
      const bytes = await this.#readInto(buffer.subarray(all), position + all);
      if (bytes === 0) break;
      all += bytes;
    }
    return all;
  }

  async #readInto(buffer: Buffer, position: number): Promise<number> {
    return (await this.#current?.handle.read(buffer, 0, buffer.length, position)) ?? 0;
  }

  async #range(handle: OpenFile, start: number, length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const at = filled;
      const bytes = await this.#io(() => handle.read(buffer, at, length - at, start + at));
      if (bytes === 0) break;
      filled += bytes;
    }
    return buffer.subarray(0, filled);
  }

  async #closeQuietly(opened: { readonly handle: OpenFile } | undefined): Promise<void> {
    // A handle that was only read from has nothing to lose; a stale one reports an error here and is gone all the same.
    if (opened) await this.#options.scheduler.run(() => opened.handle.close()).catch(() => {});
  }

  async #io<T>(operation: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new FileTailerError("aborted", "The tail was stopped");
    this.#inFlight++;
    try {
      return await this.#options.scheduler.run(operation);
    } finally {
      this.#inFlight--;
      if (this.#inFlight === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    }
  }
}
