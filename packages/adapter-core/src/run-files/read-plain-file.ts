import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** The agent may write into the folder: a link would lead out of it, a FIFO would keep one of libuv's threads. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The beginning of a file, and when it was last written to, in ms since the epoch. */
export interface PlainFile {
  readonly text: string;
  readonly mtimeMs: number;
}

/**
 * The first `maxBytes` of a file on the volume; null where what is there is no plain file. On a fresh open: a
 * network file system asks its server then.
 *
 * @throws where it cannot be opened or read: `ENOENT` where there is none
 */
export async function readPlainFile(path: string, maxBytes: number): Promise<PlainFile | null> {
  await using file = await openUnlinked(path);
  const stats = await file?.stat();
  if (!file || !stats?.isFile()) return null;
  const { bytesRead, buffer } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
  return { text: buffer.toString("utf8", 0, bytesRead), mtimeMs: stats.mtimeMs };
}

async function openUnlinked(path: string) {
  try {
    return await open(path, FLAGS);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOOP") return null;
    throw error;
  }
}
