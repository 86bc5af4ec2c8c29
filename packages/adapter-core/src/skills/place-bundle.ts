import { randomUUID } from "node:crypto";
import { chmod, mkdir, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openHostFile } from "../host/host-file.ts";
import { type FileOwner, makeFolder } from "../run-files/run-folder.ts";
import { hasOnly } from "./has-only.ts";
import type { SkillBundle } from "./skill-bundle.ts";
import { digestOf } from "./skill-files.ts";

/** Bundles that no run has used for so long are removed, ms. */
const UNUSED_FOR_MS = 30 * 24 * 3_600_000;

/**
 * Puts a bundle onto the volume unless it is there, whole and unchanged: agents may write to the volume. Readable for
 * every pod that has it mounted; where the host is root, changed by none. Removes bundles that nobody uses any more.
 */
export async function placeBundle(options: {
  readonly volume: string;
  readonly bundle: SkillBundle;
  readonly owner: FileOwner;
  /** ms since the epoch. */
  readonly now: number;
}): Promise<void> {
  const { volume, bundle, owner, now } = options;
  const { parent, folder } = bundle;
  await makeFolder({ volume, folder: parent.hostPath, owner });
  if ((await placed(volume, bundle)) !== "whole") await replace(volume, bundle);
  // Only for the removal of what nobody uses; another host may be putting the same there at this very moment.
  await utimes(folder.hostPath, now / 1000, now / 1000).catch(() => {});
  await removeUnused(parent.hostPath, now);
}

/** What stands where the bundle belongs. What is not ours, or cannot be read, is another's. */
async function placed(
  volume: string,
  { files, folder, key }: SkillBundle,
): Promise<"nothing" | "whole" | "another"> {
  try {
    if (!(await hasOnly(folder.hostPath, files))) return "another";
    const there = files.map((file) => ({ ...file, source: join(folder.hostPath, file.path) }));
    return (await digestOf({ files: there, volume })) === key ? "whole" : "another";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "nothing" : "another";
  }
}

async function replace(volume: string, bundle: SkillBundle): Promise<void> {
  const { files, folder } = bundle;
  const made = `${folder.hostPath}.${randomUUID()}.new`;
  try {
    await mkdir(made);
    await chmod(made, 0o755);
    for (const { path, source, executable } of files) {
      const target = join(made, path);
      await makeReadable(made, dirname(target));
      await using file = await openHostFile({ path: source, volume });
      await writeFile(target, file.createReadStream({ autoClose: false }), { flag: "wx" });
      await chmod(target, executable ? 0o755 : 0o644);
    }
    // Another run of the company may have placed it meanwhile. What else stands there is an agent's doing.
    const there = await placed(volume, bundle);
    if (there === "whole") return;
    if (there === "another") await moveAside(folder.hostPath);
    await rename(made, folder.hostPath);
  } catch (error) {
    if ((await placed(volume, bundle)) !== "whole") throw error;
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** Makes folders whatever the process's umask, so that pods can pass through. */
async function makeReadable(root: string, folder: string): Promise<void> {
  if (folder === root) return;
  await makeReadable(root, dirname(folder));
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
}

async function moveAside(folder: string): Promise<void> {
  const aside = `${folder}.${randomUUID()}.old`;
  try {
    await rename(folder, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

async function removeUnused(parent: string, now: number): Promise<void> {
  for (const name of await readdir(parent)) {
    const folder = join(parent, name);
    const used = await stat(folder).then(
      ({ mtimeMs }) => mtimeMs,
      () => now,
    );
    if (now - used > UNUSED_FOR_MS) await rm(folder, { recursive: true, force: true });
  }
}
