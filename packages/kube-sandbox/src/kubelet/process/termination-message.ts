// `/dev/termination-log` cannot exist for a process of this machine: only a path below the sandbox's
// directory is read, and what stands there is taken away, so that the next container starts without it.
import { readFile, realpath, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Container } from "../../resources/objects.ts";

/** The kubelet keeps this many bytes of a message. */
const keptBytes = 4096;

/** What a container left at its `terminationMessagePath`, if that lies below `directory`. */
export async function takeTerminationMessage(
  container: Container,
  directory: string,
): Promise<string | undefined> {
  const path = container.terminationMessagePath;
  if (path === undefined || !path.startsWith(`${directory}/`)) return undefined;
  try {
    const folder = await realpath(dirname(path));
    if (folder !== directory && !folder.startsWith(`${directory}/`)) return undefined;
    const content = await readFile(path);
    await rm(path);
    return content.length === 0 ? undefined : content.subarray(0, keptBytes).toString();
  } catch {
    // Nothing was left there.
    return undefined;
  }
}
