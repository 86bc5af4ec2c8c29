// The file that a later call goes on from.
import { open, readFile, rename, rm } from "node:fs/promises";
import { FileTailerError } from "../errors.ts";
import { type Checkpoint, isCheckpoint } from "../identity/checkpoint.ts";

/** The checkpoint in the file, or undefined if there is no file. Throws `invalid_option` if it is none. */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new FileTailerError("invalid_option", `Cannot read the checkpoint ${path}: ${error.message}`);
  });
  if (text === undefined) return undefined;
  const value = parse(text);
  if (isCheckpoint(value)) return value;
  throw new FileTailerError("invalid_option", `No checkpoint: ${path}. Delete it to begin anew`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes the checkpoint beside the file and gives it the file's name, so that no half of it is ever there. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    const handle = await open(beside, "w", 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(checkpoint)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot write the checkpoint ${path}: ${why}. Name a folder that you may write to`, {
      cause,
    });
  }
}
