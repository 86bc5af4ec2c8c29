import { EXIT_RECORD_BYTES, type ExitRecord, parseExitRecord } from "@paperclip-k8s/job-manifest";
import { readPlainFile } from "./read-plain-file.ts";

/** A newer script may write more; whatever is longer is no record. */
const MAX_RECORD_BYTES = 4 * EXIT_RECORD_BYTES;

/** The whole exit record at `path`; null where there is none. Errors of a network file system pass. */
export async function readRecord(path: string): Promise<ExitRecord | null> {
  try {
    const file = await readPlainFile(path, MAX_RECORD_BYTES);
    return file && parseExitRecord(file.text);
  } catch {
    return null;
  }
}
