import { constants } from "node:fs";
import { chmod, chown, mkdir, open, realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";

/** Who owns what the host makes on the volume: the pod's user. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
  /** Whether the host may give files away, that is, is root. */
  readonly give: boolean;
}

const FOLDER_MODE = 0o770;
/** Others may pass through, and see nothing: agents of one volume may be different users. */
const PASSABLE_MODE = 0o771;

/** A folder on the volume and whom it shall belong to. */
export interface FolderOptions {
  readonly volume: string;
  readonly folder: string;
  readonly owner: FileOwner;
}

/**
 * Makes a folder for the pod to write to, as `makeFolder` does. One that is there and belongs to root, as a workspace
 * that Paperclip itself has made, is given to the pod's user; what it holds, and what a link leads to, stays as it is.
 *
 * @throws where `folder` leads out of `volume`
 */
export async function makeWritableFolder(options: FolderOptions): Promise<void> {
  const { volume, folder, owner } = options;
  await makeFolder(options);
  const way = relative(volume, folder);
  // The volume itself is nobody's workspace alone.
  if (!owner.give || way === "") return;
  // An agent's link may lead to what is not its own.
  if ((await realpath(folder)) !== resolve(await realpath(volume), way)) return;
  await using handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  if ((await handle.stat()).uid === 0) await handle.chown(owner.uid, owner.gid);
}

/**
 * Makes a folder on the volume and what is missing above it, for the pod to use. The kubelet would make a
 * missing one as root, and a claim's fsGroup is not to be relied on. Folders that exist are left as they are.
 *
 * @throws where `folder` leads out of `volume`
 */
export async function makeFolder(options: FolderOptions): Promise<void> {
  const { volume, folder, owner } = options;
  if (!isInside(volume, folder)) throw new Error(`${folder} is not on the shared volume at ${volume}`);
  const root = await realpath(volume);
  let made = root;
  const parts = relative(volume, folder).split(sep);
  for (const [index, part] of parts.entries()) {
    made = resolve(made, part);
    await makeOne(made, index === parts.length - 1 ? FOLDER_MODE : PASSABLE_MODE, owner);
    // Agents may write to the volume: a link of theirs must not make the host write somewhere else.
    made = await realpath(made);
    if (!isInside(root, made)) throw new Error(`${folder} leads out of the shared volume, to ${made}`);
  }
}

/** Whether a path is the volume's own or below it, by its text alone. */
export function isInside(volume: string, path: string): boolean {
  const way = relative(volume, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function makeOne(folder: string, mode: number, owner: FileOwner): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    throw error;
  }
  await give(folder, mode, owner);
}

/** Sets mode (whatever the process's umask) and owner. */
async function give(path: string, mode: number, owner: FileOwner): Promise<void> {
  await chmod(path, mode);
  if (owner.give) await chown(path, owner.uid, owner.gid);
}
