import { rm } from "node:fs/promises";
import { sep } from "node:path";
import type { TestRun } from "../describe-test-run.ts";

/** Removes the folders that the host made for a test run alone: those named after its agent, which is nobody's. */
export async function removeOwnFolders({ agentId, folders }: TestRun): Promise<void> {
  const own = folders.flatMap((folder) => {
    const parts = folder.split(sep);
    const index = parts.indexOf(agentId);
    return index === -1 ? [] : [parts.slice(0, index + 1).join(sep)];
  });
  // What cannot be removed, as files of another user, is empty folders and no run's concern.
  await Promise.all(own.map((folder) => rm(folder, { recursive: true, force: true }).catch(() => {})));
}
