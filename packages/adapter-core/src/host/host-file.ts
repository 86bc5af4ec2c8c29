// Files that the host reads with its own rights, and whose text or copy goes to agents.
import { constants } from "node:fs";
import { type FileHandle, open, readlink, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { requirePlain, withCode } from "../output/plain-files.ts";
import { isInside } from "../run-files/run-folder.ts";

/** Where a pipe takes the place of the file, an open without this flag would block a thread for ever. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** A file, and the shared volume as the host sees it. */
export interface HostFileOptions {
  readonly path: string;
  readonly volume: string;
}

/**
 * Opens a regular file to read. On the host's own disk it may be a link, as all files of a mounted ConfigMap are. On
 * the shared volume a link may not lead out: an agent can plant one there, to whatever only the host may read.
 *
 * @throws with the `code` `EXDEV` where it leads out of the volume, `EFTYPE` where it is no regular file, or the
 * system's own; the message of the first two tells the whole problem
 */
export async function openHostFile({ path, volume }: HostFileOptions): Promise<FileHandle> {
  const root = await volumeOf({ path, volume });
  const file = await open(path, FLAGS);
  try {
    const opened = await file.stat();
    if (root !== null) {
      const real = await realPathOf(path, file);
      if (!isInside(root, real)) {
        const problem = `is on the shared volume, where agents can write, and leads out of it, to ${real}`;
        throw withCode(`${path} ${problem}`, "EXDEV");
      }
    }
    if (!opened.isFile()) throw withCode(`${path} is no regular file`, "EFTYPE");
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The text of a file of at most so many bytes. Throws as `openHostFile` does, and with `EFBIG` where it has more. */
export async function readHostText(
  options: HostFileOptions & { readonly maxBytes: number },
): Promise<string> {
  const { path, maxBytes } = options;
  await using file = await openHostFile(options);
  const buffer = Buffer.alloc(maxBytes + 1);
  let length = 0;
  // Not by the size that it tells: some tell none, and one that is written to grows.
  for (let count = -1; count !== 0 && length < buffer.length; length += count) {
    ({ bytesRead: count } = await file.read(buffer, length, buffer.length - length, length));
  }
  if (length > maxBytes) throw withCode(`${path} is larger than ${maxBytes / 1024 / 1024} MiB`, "EFBIG");
  return buffer.toString("utf8", 0, length);
}

/** The volume's real path where `path` is on it, by name or by where its folder is; else null. */
async function volumeOf({ path, volume }: HostFileOptions): Promise<string | null> {
  const root = await realpath(volume).catch(() => null);
  if (root === null) return null;
  return isInside(volume, path) || isInside(root, await realpath(dirname(path))) ? root : null;
}

/** Where the open file really is, whatever its name has come to stand for meanwhile. */
async function realPathOf(path: string, file: FileHandle): Promise<string> {
  const known = await readlink(`/proc/self/fd/${file.fd}`).catch(() => null);
  if (known !== null) return known;
  // Not on Linux.
  const real = await realpath(path);
  await requirePlain(real, await file.stat());
  return real;
}
