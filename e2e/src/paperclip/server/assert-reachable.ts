import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { E2eError } from "../../e2e-error.ts";

/**
 * Checks that an unprivileged user can get to the given paths.
 *
 * Throws `E2eError` `folder_not_reachable` naming the first folder on the way that only its owner may pass, such as
 * the home of root; else the server would end with no more than "cannot find module".
 */
export async function assertReachable(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
      const { mode } = await stat(folder);
      if ((mode & 0o001) === 0) {
        throw new E2eError(
          "folder_not_reachable",
          `${path} cannot be reached by an unprivileged server: ${folder} is closed to others (PAPERCLIP_K8S_CACHE moves the installs elsewhere)`,
        );
      }
    }
  }
}
