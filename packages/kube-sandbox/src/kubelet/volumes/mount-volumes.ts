import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Container, Pod } from "../../resources/objects.ts";
import type { ValueSources } from "../process/environment.ts";
import { type MountLinks, MountProblem } from "./mount-links.ts";
import { prepareVolume, type VolumeFolders } from "./volume-folders.ts";

async function subFolder(folder: string, subPath: string): Promise<string> {
  const path = join(folder, subPath);
  // The kubelet makes a missing subPath as root, 0755; who runs in the pod may not write there.
  await mkdir(path, { recursive: true, mode: 0o755 });
  const [root, real] = await Promise.all([realpath(folder), realpath(path)]);
  if (real !== root && !real.startsWith(`${root}/`))
    throw new MountProblem(`subPath ${subPath} leaves its volume`);
  return path;
}

async function mountContainer(
  pod: Pod,
  container: Container,
  volumes: ReadonlyMap<string, string>,
  links: MountLinks,
): Promise<void> {
  for (const mount of container.volumeMounts ?? []) {
    if (mount.subPathExpr !== undefined)
      throw new MountProblem("kube-sandbox does not know subPathExpr: use subPath");
    const folder = volumes.get(mount.name);
    if (folder === undefined) throw new MountProblem(`volume "${mount.name}" is not there`);
    const shown = mount.subPath ? await subFolder(folder, mount.subPath) : folder;
    await links.mount(pod.metadata.uid, mount.mountPath, shown);
  }
}

/** Makes all volumes of a pod and the links of its containers. Throws MountProblem; may be tried again. */
export async function mountVolumes(
  pod: Pod,
  folders: VolumeFolders,
  sources: ValueSources,
  links: MountLinks,
): Promise<void> {
  const volumes = new Map<string, string>();
  for (const volume of pod.spec.volumes ?? [])
    volumes.set(volume.name, await prepareVolume(pod, volume, folders, sources));
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    await mountContainer(pod, container, volumes, links);
  }
}
