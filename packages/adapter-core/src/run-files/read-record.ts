import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { EXIT_RECORD_BYTES, type ExitRecord, parseExitRecord } from "@paperclip-k8s/job-manifest";

/** The agent may write into the folder: a link would lead out of it, a FIFO would keep one of libuv's threads. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** A newer script may write more; whatever is longer is no record. */
const MAX_RECORD_BYTES = 4 * EXIT_RECORD_BYTES;

/** The whole exit record at `path`; null where there is none. Errors of a network file system pass. */
export async function readRecord(path: string): Promise<ExitRecord | null> {
  try {
    await using file = await open(path, FLAGS);
    if (!(await file.stat()).isFile()) return null;
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_RECORD_BYTES), 0, MAX_RECORD_BYTES, 0);
    return parseExitRecord(buffer.toString("utf8", 0, bytesRead));
  } catch {
    return null;
  }
}
