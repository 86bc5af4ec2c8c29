import { chmodSync, mkdirSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { ClaimOption } from "./options.ts";
import { KubeSandboxError } from "./sandbox-error.ts";

/** The folder of each claim, by namespace and name. */
export interface ClaimFolders {
  get(namespace: string, claim: string): string | undefined;
  /** Makes a claim's folder, if it has none. */
  provide(namespace: string, claim: string, path?: string): string;
}

/** Folders below `<directory>/volumes`, unless a claim was given one. */
export function createClaimFolders(
  directory: string,
  claims: readonly ClaimOption[],
  asRoot: boolean,
): ClaimFolders {
  const folders = new Map<string, string>();
  const provide = (namespace: string, claim: string, path?: string): string => {
    const key = `${namespace}/${claim}`;
    const known = folders.get(key);
    if (known !== undefined) return known;
    if (path !== undefined && !isAbsolute(path)) {
      throw new KubeSandboxError("invalid_option", `the path of claim ${key} must be absolute: ${path}`);
    }
    const folder = path ?? join(directory, "volumes", namespace, claim);
    mkdirSync(folder, { recursive: true });
    if (path === undefined && asRoot) {
      chmodSync(join(directory, "volumes", namespace), 0o711);
      // Pods may run as anybody, as on a share that is exported to all.
      chmodSync(folder, 0o777);
    }
    folders.set(key, folder);
    return folder;
  };
  for (const { namespace, name, path } of claims) provide(namespace, name, path);
  return { provide, get: (namespace, claim) => folders.get(`${namespace}/${claim}`) };
}
