/** What is known of a file: the size is a hint, never a limit. */
export interface FileStat {
  /** True for a regular file. */
  readonly isFile: boolean;
  /** Device number; changes when a volume is remounted. */
  readonly dev: number;
  /** Inode number; reused after a deletion. */
  readonly ino: number;
  /** Time of creation in ms, 0 where the file system does not know it. */
  readonly birthtimeMs: number;
  /** Size in bytes, which may be stale. */
  readonly size: number;
}

/** What tells at once whether a file was changed, or is another one. */
export interface FileGlance extends FileStat {
  /** Time of the last change of content or attributes, in ms on the file system's clock. */
  readonly changedMs: number;
}

/** A file that is open for reading. */
export interface OpenFile {
  /** Reads up to `length` bytes at `position` into `buffer` at 0; 0 at the end of the file. */
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<number>;
  /** What the open handle says of the file. */
  stat(): Promise<FileStat>;
  /** Closes the handle. */
  close(): Promise<void>;
}

/**
 * What sort of file system a path is on. `local`: sizes, handles and inodes can be trusted. `network`: inodes can,
 * sizes and handles cannot. `unknown`: nothing can.
 */
export type FileSystemKind = "local" | "network" | "unknown";

/** The few operations that a tail needs, injected so that tests can make them fail. Errors carry a `code`. */
export interface FileSystem {
  /** What the path says of the file. Rejects with `ENOENT` if there is none. */
  stat(path: string): Promise<FileStat>;
  /**
   * What the path says of the file, without waiting; undefined if it cannot tell. Asked only on file systems of the
   * kind `local`, which know it without input or output. Without it an idle file is read instead, which costs more.
   */
  glance?(path: string): FileGlance | undefined;
  /** Opens the file for reading. Rejects with `ENOENT` if there is none. */
  open(path: string): Promise<OpenFile>;
  /** What sort of file system the path is on; `unknown` where it cannot tell. Asked once for each tail. */
  kind(path: string): Promise<FileSystemKind>;
}
