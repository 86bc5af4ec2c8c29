import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { openHostFile } from "../host/host-file.ts";

/** One file of a bundle. */
export interface SkillFile {
  /** Below the bundle's folder, with slashes. */
  readonly path: string;
  /** Where it is read, absolute. */
  readonly source: string;
  /** Bytes. */
  readonly size: number;
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
        const { mode, size } = await stat(source);
        const path = `${prefix}${source.slice(folder.length).replace(/^\/+/u, "")}`;
        return { path, source, size, executable: isExecutable(mode) };
      }),
  );
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether anybody may execute what has this mode. */
export function isExecutable(mode: number): boolean {
  return (mode & 0o111) !== 0;
}

/** A digest of names, contents and modes: 24 hex digits. Throws as `openHostFile` does. */
export async function digestOf(options: {
  readonly files: readonly SkillFile[];
  /** The shared volume, as the host sees it. */
  readonly volume: string;
}): Promise<string> {
  const { files, volume } = options;
  const digest = createHash("sha256");
  for (const { path, source, size, executable } of files) {
    digest.update(JSON.stringify([path, executable, size]));
    await using file = await openHostFile({ path: source, volume });
    // No more than was counted: a file that an agent makes larger meanwhile has no end.
    const content = size === 0 ? [] : file.createReadStream({ end: size - 1, autoClose: false });
    for await (const chunk of content) digest.update(chunk);
  }
  return digest.digest("hex").slice(0, 24);
}
