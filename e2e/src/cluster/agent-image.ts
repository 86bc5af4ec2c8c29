import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { clusterClients } from "./clients.ts";
import type { PresentCluster } from "./cluster.ts";
import { isImageLoaded, loadImage } from "./load-image.ts";

/** What the agent image is made of. */
export interface AgentImageOptions {
  readonly cluster: PresentCluster;
  /** Executable files by their absolute path in the image: `{ "/usr/local/bin/claude": "/path/here" }`. */
  readonly executables: Readonly<Record<string, string>>;
  readonly env: NodeJS.ProcessEnv;
}

const DOCKERFILE = fileURLToPath(new URL("../../agent-image/Dockerfile", import.meta.url));

/**
 * An image with a shell and the agent CLIs on every node; returns its name.
 *
 * The tag is a hash of the content, so the image is made once and a changed CLI is never taken for the old one.
 * `PAPERCLIP_K8S_AGENT_IMAGE` names an image to use instead, which the cluster can pull itself.
 */
export async function ensureAgentImage(options: AgentImageOptions): Promise<string> {
  const { cluster, executables, env } = options;
  const given = env["PAPERCLIP_K8S_AGENT_IMAGE"];
  if (given) return given;
  const image = `paperclip-k8s/agent:e2e-${await contentHash(executables)}`;
  if (await isImageLoaded(clusterClients(cluster.kubeconfig).core, image)) return image;
  const rootFolder = await mkdtemp(join(tmpdir(), "paperclip-k8s-agent-image-"));
  try {
    await chmod(rootFolder, 0o755);
    for (const [path, source] of Object.entries(executables))
      await placeExecutable(source, join(rootFolder, path));
    await loadImage({ cluster, image, rootFolder, dockerfile: DOCKERFILE, env });
  } finally {
    await rm(rootFolder, { recursive: true, force: true });
  }
  return image;
}

async function contentHash(executables: Readonly<Record<string, string>>): Promise<string> {
  const hash = createHash("sha256");
  for (const [path, source] of Object.entries(executables).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${path}\0`);
    await pipeline(createReadStream(source), hash, { end: false });
  }
  return hash.digest("hex").slice(0, 12);
}

/** A copy: a link changes the time of the file's inode, which breaks off a `tar` of it in a worker beside this one. */
async function placeExecutable(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await cp(source, target);
  await chmod(target, 0o755);
}
