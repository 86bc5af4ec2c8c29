import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** One file of a bundle. */
export interface SkillFile {
  /** Below the bundle's folder, with slashes. */
  readonly path: string;
  /** Where it is read, absolute. */
  readonly source: string;
  readonly executable: boolean;
}

/** The regular files below a folder, by path. Links are left out: they may lead anywhere. */
export async function filesBelow(folder: string, prefix: string): Promise<readonly SkillFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry): Promise<SkillFile> => {
        const source = join(entry.parentPath, entry.name);
        const { mode } = await stat(source);
        const path = `${prefix}${source.slice(folder.length).replace(/^\/+/u, "")}`;
        return { path, source, executable: (mode & 0o111) !== 0 };
      }),
  );
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A digest of names, contents and modes: 24 hex digits. */
export async function digestOf(files: readonly SkillFile[]): Promise<string> {
  const digest = createHash("sha256");
  for (const { path, source, executable } of files) {
    const content = await readFile(source);
    digest.update(JSON.stringify([path, executable, content.length]));
    digest.update(content);
  }
  return digest.digest("hex").slice(0, 24);
}
