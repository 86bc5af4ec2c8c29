// The real file system, by the callback functions of node:fs: its promises cost about twice as much for each call.
import { close, constants, fstat, open, read, type Stats, stat, statfs, statSync } from "node:fs";
import type { FileStat, FileSystem, FileSystemKind, OpenFile } from "./file-system.ts";

/** Numbers of file systems from statfs(2); those not listed count as unknown, which is safe and slower. */
const KINDS: ReadonlyMap<number, FileSystemKind> = new Map([
  [0xef53, "local"], // ext2, ext3, ext4
  [0x58465342, "local"], // xfs
  [0x9123683e, "local"], // btrfs
  [0x01021994, "local"], // tmpfs
  [0x2fc12fc1, "local"], // zfs
  [0xf2f52010, "local"], // f2fs
  [0x6969, "network"], // nfs, and EFS with it
  [0x00c36400, "network"], // CephFS
  [0x0bd00bd0, "network"], // Lustre
]);

// Where a pipe takes the place of the file, an open without this flag would block a thread for ever.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function fileStat(stats: Stats): FileStat {
  return {
    isFile: stats.isFile(),
    dev: stats.dev,
    ino: stats.ino,
    birthtimeMs: stats.birthtimeMs,
    size: stats.size,
  };
}

class NodeOpenFile implements OpenFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  read(buffer: Buffer, offset: number, length: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(this.#descriptor, buffer, offset, length, position, (error, bytes) =>
        error ? reject(error) : resolve(bytes),
      );
    });
  }

  stat(): Promise<FileStat> {
    return new Promise((resolve, reject) => {
      fstat(this.#descriptor, (error, stats) => (error ? reject(error) : resolve(fileStat(stats))));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      close(this.#descriptor, (error) => (error ? reject(error) : resolve()));
    });
  }
}

/** The file system of this machine. */
export const nodeFileSystem: FileSystem = {
  stat: (path) =>
    new Promise((resolve, reject) => {
      stat(path, (error, stats) => (error ? reject(error) : resolve(fileStat(stats))));
    }),
  glance(path) {
    try {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats && { ...fileStat(stats), changedMs: stats.ctimeMs };
    } catch {
      // Whoever opens the path has the same error, and says it.
      return undefined;
    }
  },
  open: (path) =>
    new Promise((resolve, reject) => {
      open(path, FLAGS, (error, descriptor) =>
        error ? reject(error) : resolve(new NodeOpenFile(descriptor)),
      );
    }),
  kind: (path) =>
    new Promise((resolve) => {
      statfs(path, (error, { type } = { type: -1 } as never) =>
        resolve(error ? "unknown" : (KINDS.get(type) ?? "unknown")),
      );
    }),
};
