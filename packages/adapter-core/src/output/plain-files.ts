import { lstat } from "node:fs/promises";
import { type FileStat, type FileSystem, nodeFileSystem } from "@paperclip-k8s/file-tailer";

/**
 * The file system of this machine, in which a link is no file. An agent may write into its run directory, and the
 * host reads with its own rights: `/proc/self/environ` under the name of a log would be the host's own secrets.
 */
export const plainFiles: FileSystem = {
  ...nodeFileSystem,
  open: async (path) => {
    const file = await nodeFileSystem.open(path);
    try {
      await requirePlain(path, await file.stat());
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  },
};

/** What was opened is what the name itself stands for: whoever changes it in between gains nothing. */
export async function requirePlain(path: string, opened: Pick<FileStat, "dev" | "ino">): Promise<void> {
  const named = await lstat(path);
  if (named.isSymbolicLink()) throw withCode(`${path} is a link`, "ELOOP");
  // Replaced in this moment: the tail opens it again.
  if (named.ino !== opened.ino || named.dev !== opened.dev) throw withCode(`${path} was replaced`, "ESTALE");
}

/** An error that is told by its `code`, as the system's own are. */
export function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
