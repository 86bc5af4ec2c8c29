import { chmod, constants, copyFile, link, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { isOpenToAll } from "./open-to-all.ts";

/**
 * Puts a program into a folder under a name, for a `PATH`. A symbolic link where everybody may follow it; else (a
 * checkout in root's home, whose pods are not root) a hard link, and a copy from another file system.
 */
export async function placeProgram(options: {
  readonly program: string;
  readonly name: string;
  readonly folder: string;
}): Promise<void> {
  const { program, name, folder } = options;
  await mkdir(folder, { recursive: true });
  // Whatever the process's umask is.
  await chmod(folder, 0o755);
  const path = join(folder, name);
  if (await isOpenToAll(program)) return symlink(program, path);
  await link(program, path).catch(() => copyFile(program, path, constants.COPYFILE_FICLONE));
}
