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

  return {
    async mount(podUid, given, folder) {
      const path = normalize(given).replace(/(.)\/$/, "$1");
      const real = await realpath(path).catch(() => undefined);
      const known = links.get(path);
      if (known !== undefined && known.folder !== folder) {
        throw new MountProblem(
          `kube-sandbox cannot mount at ${path}: another pod has a different volume there; ` +
            `pods share one file system here, so give each its own mount path (for example with the Job's name in it)`,
        );
      }
      if (known !== undefined) return void known.users.add(podUid);
      if (real === (await realpath(folder))) return;
      const entry = { folder, users: new Set([podUid]) };
      links.set(path, entry);
      await link(path, folder).catch((error: unknown) => {
        links.delete(path);
        throw error;
      });
    },
    async unmount(podUid) {
      for (const [path, { users }] of [...links]) {
        if (!users.delete(podUid) || users.size > 0) continue;
        links.delete(path);
        await unlink(path).catch(() => {});
      }
    },
  };
}
