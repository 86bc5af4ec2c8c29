import { chmod, chown, mkdir } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";

/** Who owns what the host makes on the volume: the pod's user. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
  /** Whether the host may give files away, that is, is root. */
  readonly give: boolean;
}

const FOLDER_MODE = 0o770;

/**
 * Makes a folder on the volume and what is missing above it, for the pod to use. The kubelet would make a
 * missing one as root, and a claim's fsGroup is not to be relied on. Folders that exist are left as they are.
 *
 * @throws where `folder` leads out of `volume`
 */
export async function makeFolder(options: {
  volume: string;
  folder: string;
  owner: FileOwner;
}): Promise<void> {
  const { volume, folder, owner } = options;
  const inside = relative(volume, folder);
  if (inside.startsWith("..") || resolve(volume, inside) !== resolve(folder)) {
    throw new Error(`${folder} is not on the shared volume at ${volume}`);
  }
  const parts = inside === "" ? [] : inside.split(sep);
  for (let depth = 1; depth <= parts.length; depth++) {
    await makeOne(resolve(volume, ...parts.slice(0, depth)), owner);
  }
}

async function makeOne(folder: string, owner: FileOwner): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    throw error;
  }
  await give(folder, FOLDER_MODE, owner);
}

/** Sets mode (whatever the process's umask) and owner. */
export async function give(path: string, mode: number, owner: FileOwner): Promise<void> {
  await chmod(path, mode);
  if (owner.give) await chown(path, owner.uid, owner.gid);
}

/** The folder that a path lies in. */
export const folderOf = dirname;
