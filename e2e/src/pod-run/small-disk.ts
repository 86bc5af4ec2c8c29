import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { PresentCluster } from "../cluster/cluster.ts";
import { findPlace } from "../cluster/pod-reachable-address.ts";
import type { TestNamespace } from "../namespace/open-namespace.ts";
import { runCommand } from "../processes/run-command.ts";

/** A tmpfs over a namespace's shared folder. Disposal takes it away again, with all that is on it. */
export interface SmallDisk extends AsyncDisposable {
  /** Fills it to the last byte but so many. */
  fill(leave: number): Promise<void>;
}

/** What `mountSmallDisk` needs. */
export interface SmallDiskOptions {
  readonly namespace: TestNamespace;
  /** Bytes that it holds. */
  readonly size: number;
}

/** Why a disk mounted here would not be the pods' disk; undefined where it is. */
export async function noSmallDisk(
  cluster: PresentCluster,
  namespace: TestNamespace,
): Promise<string | undefined> {
  if (!namespace.user.mustSwitch) return "only root may mount a small disk";
  const isNode = cluster.folder !== undefined || (await findPlace(namespace.clients.core)).isNode;
  return isNode ? undefined : "a disk mounted on this machine is not one of the nodes'";
}

/** Mounts the disk before any pod of the namespace mounts the folder. */
export async function mountSmallDisk({ namespace, size }: SmallDiskOptions): Promise<SmallDisk> {
  const { volumeFolder, user } = namespace;
  const options = `size=${size},mode=0770,uid=${user.uid},gid=${user.gid}`;
  await runCommand({ command: "mount", args: ["-t", "tmpfs", "-o", options, "tmpfs", volumeFolder] });
  return {
    fill: (leave) => fill(join(volumeFolder, "filler"), leave),
    [Symbol.asyncDispose]: async () => {
      await runCommand({ command: "umount", args: [volumeFolder] });
    },
  };
}

async function fill(path: string, leave: number): Promise<void> {
  await using file = await open(path, constants.O_WRONLY | constants.O_CREAT);
  const block = Buffer.alloc(4096);
  let size = 0;
  try {
    for (;;) size += (await file.write(block)).bytesWritten;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
  await file.truncate(size - leave);
}
