import { lstat, opendir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isExecutable, type SkillFile } from "./skill-files.ts";

/**
 * Whether a folder has files of these paths, sizes and modes, and nothing else: no link, no folder more. Agents may
 * write there, so that it stops at the first thing that is wrong, and reads no file.
 *
 * @throws where the folder is not there or cannot be read
 */
export async function hasOnly(folder: string, files: readonly SkillFile[]): Promise<boolean> {
  const wanted = new Map(files.map((file) => [file.path, file]));
  const folders = new Set(files.flatMap(({ path }) => foldersOf(path)));
  let found = 0;

  async function isWanted(path: string): Promise<boolean> {
    const stats = await lstat(join(folder, path));
    if (stats.isDirectory()) return folders.has(path) && (await areWantedIn(path));
    const file = wanted.get(path);
    found += 1;
    return stats.isFile() && stats.size === file?.size && isExecutable(stats.mode) === file.executable;
  }

  async function areWantedIn(path: string): Promise<boolean> {
    for await (const { name } of await opendir(join(folder, path)))
      if (!(await isWanted(path === "." ? name : `${path}/${name}`))) return false;
    return true;
  }

  return (await isWanted(".")) && found === files.length;
}

/** The folders that a relative path goes through, "." among them. */
function foldersOf(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === "." ? [parent] : [parent, ...foldersOf(parent)];
}
