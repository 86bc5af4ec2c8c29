import { constants, copyFile, link, mkdir, stat, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

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
  const path = join(folder, name);
  if (await isOpenToAll(program)) return symlink(program, path);
  await link(program, path).catch(() => copyFile(program, path, constants.COPYFILE_FICLONE));
}

/** Whether the program and all folders above it may be passed by others. */
async function isOpenToAll(program: string): Promise<boolean> {
  for (let path = program; ; path = dirname(path)) {
    const { mode } = await stat(path);
    if ((mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
