import { join } from "node:path";
import type { CoreV1Api } from "@kubernetes/client-node";
import { E2eError } from "../e2e-error.ts";
import { runCommand } from "../processes/run-command.ts";
import type { PresentCluster } from "./cluster.ts";

/** An image to make out of a folder and to give to every node. */
export interface LoadImageOptions {
  readonly cluster: PresentCluster;
  /** `name:tag`. */
  readonly image: string;
  /** A folder whose content becomes a layer at the image's root; it holds the context of the Dockerfile, too. */
  readonly rootFolder: string;
  /** The Dockerfile for clusters without an `image` script. It copies its context to `/`. */
  readonly dockerfile: string;
  /** What the layer lies on, for clusters with an `image` script. Default: Debian; nothing: the folder is all there is. */
  readonly base?: "debian" | "nothing";
  /** Holds `PAPERCLIP_K8S_LOAD_IMAGE`, for clusters without an `image` script. */
  readonly env: NodeJS.ProcessEnv;
}

/** The base that a cluster folder's own images are made on. */
const FOLDER_BASE = "lab/debian:12";

/**
 * Makes an image and gives it to the cluster's nodes.
 *
 * With a cluster folder by its `image` script. Elsewhere `docker build`, then the command of
 * `PAPERCLIP_K8S_LOAD_IMAGE` with the image's name as its last argument (`kind load docker-image`).
 * Throws `E2eError` `image_not_loaded` if there is no such command, `command_failed` if one fails.
 */
export async function loadImage(options: LoadImageOptions): Promise<void> {
  const { cluster, image, rootFolder, dockerfile, env, base = "debian" } = options;
  if (cluster.folder !== undefined) {
    const from = base === "debian" ? FOLDER_BASE : "";
    const environment = { ...env, FROM: from, ...(cluster.home && { CLUSTER_HOME: cluster.home }) };
    await runCommand({
      command: join(cluster.folder, "image"),
      args: [image, rootFolder],
      env: environment,
      timeoutMs: 300_000,
    });
    return;
  }
  const [command, ...args] = (env["PAPERCLIP_K8S_LOAD_IMAGE"] ?? "").split(" ").filter((word) => word !== "");
  if (command === undefined) {
    throw new E2eError(
      "image_not_loaded",
      "set PAPERCLIP_K8S_LOAD_IMAGE to a command that gives a local image to the cluster",
    );
  }
  await runCommand({
    command: "docker",
    args: ["build", "-t", image, "-f", dockerfile, rootFolder],
    env,
    timeoutMs: 600_000,
  });
  await runCommand({ command, args: [...args, image], env, timeoutMs: 600_000 });
}

/** Whether every node that takes pods says that it has the image already. */
export async function isImageLoaded(core: CoreV1Api, image: string): Promise<boolean> {
  const { items } = await core.listNode();
  const nodes = items.filter((node) => node.spec?.unschedulable !== true);
  const has = (names: string[]) => names.some((name) => name === image || name.endsWith(`/${image}`));
  return (
    nodes.length > 0 && nodes.every((node) => (node.status?.images ?? []).some((i) => has(i.names ?? [])))
  );
}
