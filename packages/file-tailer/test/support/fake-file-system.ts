// A file system in memory that can lie as network file systems do. Its honest behaviour is that of the real one:
// file-system.contract.test.ts runs the same statements against both.
import type { FileGlance, FileStat, FileSystem, FileSystemKind, OpenFile } from "../../src/index.ts";

/** The lies that can be told. */
export interface Lies {
  /** What `stat` says instead of the true size. */
  size?: ((trueSize: number) => number) | undefined;
  /** Error codes that the next operations fail with, in this order, whatever the operation. */
  errors: string[];
  /** The longest read. */
  maxRead: number;
  /** Bytes from this offset on read as NUL. */
  nulFrom: number;
  /** Up to this one. */
  nulTo: number;
  /** Handles see no more than what was there when they were opened. */
  frozenHandles: boolean;
  /** Fresh handles see no more than so many bytes. */
  visible: number;
}

interface Inode {
  readonly ino: number;
  readonly birthtimeMs: number;
  bytes: Buffer;
  length: number;
  opened?: true;
  /** Counts the changes, as a time that is never the same twice. */
  changes: number;
}

/** Makes the error that the real file system rejects with. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: as asked for by a test`), { code });
}

/** A file system for tests. */
export class FakeFileSystem implements FileSystem {
  readonly lies: Lies = {
    errors: [],
    maxRead: Number.POSITIVE_INFINITY,
    nulFrom: Number.POSITIVE_INFINITY,
    nulTo: Number.POSITIVE_INFINITY,
    frozenHandles: false,
    visible: Number.POSITIVE_INFINITY,
  };
  /** The operations so far, by name. */
  readonly calls = { stat: 0, open: 0, read: 0, close: 0 };
  fileSystemKind: FileSystemKind = "local";
  dev = 1;
  openHandles = 0;
  /** How often a path was asked without waiting. */
  glances = 0;
  readonly #files = new Map<string, Inode>();
  #later: { operations: number; readonly happen: () => void } | undefined;
  #lastIno = 100;

  /** Adds to the end of a file, which is made if there is none. */
  append(path: string, data: string | Uint8Array): void {
    const inode = this.#files.get(path) ?? this.#create(path);
    const bytes = Buffer.from(data as string);
    if (inode.length + bytes.length > inode.bytes.length) {
      const larger = Buffer.alloc((inode.length + bytes.length) * 2);
      inode.bytes.copy(larger);
      inode.bytes = larger;
    }
    bytes.copy(inode.bytes, inode.length);
    inode.length += bytes.length;
    inode.changes++;
  }

  /** Cuts a file. */
  truncate(path: string, length = 0): void {
    const inode = this.#files.get(path)!;
    inode.length = length;
    inode.changes++;
  }

  /** Writes over bytes that are there. */
  overwrite(path: string, offset: number, data: string): void {
    const inode = this.#files.get(path)!;
    inode.bytes.write(data, offset);
    inode.changes++;
  }

  /** Puts a new file at the path; handles keep the old one. */
  replace(path: string, data: string, ino?: number): void {
    this.#create(path, ino);
    this.append(path, data);
  }

  /** Lets something happen after so many further operations: between two of a reader's that belong together. */
  afterOperations(operations: number, happen: () => void): void {
    this.#later = { operations, happen };
  }

  /** Takes the file away; handles keep it. */
  remove(path: string): void {
    this.#files.delete(path);
  }

  /** Gives the file another name; handles keep it. */
  rename(from: string, to: string): void {
    this.#files.set(to, this.#files.get(from)!);
    this.#files.delete(from);
  }

  /** Whether anybody has opened the file that is at the path. */
  wasOpened(path: string): boolean {
    return this.#files.get(path)!.opened === true;
  }

  /** The inode number of a file. */
  inodeOf(path: string): number {
    return this.#files.get(path)!.ino;
  }

  async stat(path: string): Promise<FileStat> {
    this.calls.stat++;
    return this.#stat(this.#find(path));
  }

  glance(path: string): FileGlance | undefined {
    this.glances++;
    const inode = this.#files.get(path);
    return inode && { ...this.#stat(inode), size: inode.length, changedMs: inode.changes };
  }

  async kind(): Promise<FileSystemKind> {
    return this.fileSystemKind;
  }

  async open(path: string): Promise<OpenFile> {
    this.calls.open++;
    const inode = this.#find(path);
    const atOpen = this.lies.frozenHandles ? inode.length : Number.POSITIVE_INFINITY;
    const visible = Math.min(this.lies.visible, atOpen);
    let closed = false;
    inode.opened = true;
    this.openHandles++;
    return {
      read: async (buffer, offset, length, position) => {
        this.calls.read++;
        this.#fail();
        if (closed) throw systemError("EBADF");
        return this.#read(inode, buffer.subarray(offset, offset + length), position, visible);
      },
      stat: async () => {
        this.#fail();
        return this.#stat(inode);
      },
      close: async () => {
        this.calls.close++;
        if (!closed) this.openHandles--;
        closed = true;
      },
    };
  }

  #read(inode: Inode, target: Buffer, position: number, visible: number): number {
    const end = Math.min(inode.length, visible, position + target.length, position + this.lies.maxRead);
    if (end <= position) return 0;
    inode.bytes.copy(target, 0, position, end);
    const nulEnd = Math.min(this.lies.nulTo, end);
    if (this.lies.nulFrom < nulEnd && position < nulEnd) {
      target.fill(0, Math.max(0, this.lies.nulFrom - position), nulEnd - position);
    }
    return end - position;
  }

  #stat({ ino, birthtimeMs, length }: Inode): FileStat {
    return { isFile: true, dev: this.dev, ino, birthtimeMs, size: this.lies.size?.(length) ?? length };
  }

  #find(path: string): Inode {
    this.#fail();
    const inode = this.#files.get(path);
    if (!inode) throw systemError("ENOENT");
    return inode;
  }

  #fail(): void {
    if (this.#later && this.#later.operations-- === 0) {
      const { happen } = this.#later;
      this.#later = undefined;
      happen();
    }
    const code = this.lies.errors.shift();
    if (code) throw systemError(code);
  }

  #create(path: string, ino = ++this.#lastIno): Inode {
    const inode = { ino, birthtimeMs: ++this.#lastIno, bytes: Buffer.alloc(0), length: 0, changes: 0 };
    this.#files.set(path, inode);
    return inode;
  }
}
