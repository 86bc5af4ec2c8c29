// Mount paths as symbolic links: a process has no mount namespace, so a path means the same for all pods.
import { lstat, mkdir, realpath, symlink, unlink } from "node:fs/promises";
import { dirname, normalize } from "node:path";

/** What keeps a pod from being mounted, in words that say what to do. */
export class MountProblem extends Error {}

/** Makes and removes the links of pods. */
export interface MountLinks {
  /** Makes `path` show `folder` for a pod; throws MountProblem. */
  mount(podUid: string, path: string, folder: string): Promise<void>;
  /** Removes the links that no other pod uses. */
  unmount(podUid: string): Promise<void>;
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Links below `directory`, which must be a real path. */
export function createMountLinks(directory: string): MountLinks {
  const links = new Map<string, { readonly folder: string; readonly users: Set<string> }>();

  const link = async (path: string, folder: string): Promise<void> => {
    if (!isBelow(path, directory)) {
      throw new MountProblem(
        `kube-sandbox cannot mount at ${path}: a process pod has no mount namespace, so a mountPath must lie below ` +
          `the sandbox's directory ${directory} (or be the volume's own folder ${folder}); set the mount path to one there`,
      );
    }
    await mkdir(dirname(path), { recursive: true });
    const parent = await realpath(dirname(path));
    if (parent !== directory && !isBelow(parent, directory)) {
      throw new MountProblem(
        `kube-sandbox cannot mount at ${path}: ${parent} lies outside the sandbox's directory ${directory}`,
      );
    }
    if (await exists(path)) {
      throw new MountProblem(
        `kube-sandbox cannot mount at ${path}: something is there already; choose a mount path that is used by this volume only`,
      );
    }
    await symlink(folder, path);
  };

  const mount = async (podUid: string, given: string, folder: string): Promise<void> => {
    const path = normalize(given).replace(/(.)\/$/, "$1");
    const known = links.get(path);
    if (known !== undefined && known.folder !== folder) {
      throw new MountProblem(
        `kube-sandbox cannot mount at ${path}: another pod has a different volume there; ` +
          `pods share one file system here, so give each its own mount path (for example with the Job's name in it)`,
      );
    }
    if (known !== undefined) {
      known.users.add(podUid);
      return;
    }
    const real = await realpath(path).catch(() => undefined);
    if (real === (await realpath(folder))) return;
    await link(path, folder);
    links.set(path, { folder, users: new Set([podUid]) });
  };

  const unmount = async (podUid: string): Promise<void> => {
    for (const [path, { users }] of [...links]) {
      if (!users.delete(podUid) || users.size > 0) continue;
      links.delete(path);
      await unlink(path).catch(() => {});
    }
  };

  // One at a time: two pods may ask for one path at the same moment, and both must be right.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
  return {
    mount: (podUid, path, folder) => inTurn(() => mount(podUid, path, folder)),
    unmount: (podUid) => inTurn(() => unmount(podUid)),
  };
}
