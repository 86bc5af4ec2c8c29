import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { KeyToPath, Pod, Volume } from "../../resources/objects.ts";
import type { ValueSources } from "../process/environment.ts";
import { MountProblem } from "./mount-links.ts";

/** Where the folders of volumes are, and who owns them. */
export interface VolumeFolders {
  /** The pod's own folder: its home and its volumes. */
  readonly podFolder: string;
  /** The folder of a claim that is bound. */
  claimFolder(namespace: string, claim: string): string | undefined;
  /** Whether owners and groups may be set. */
  readonly asRoot: boolean;
}

interface FileSource {
  readonly what: string;
  readonly name: string;
  readonly data: ReadonlyMap<string, Buffer> | undefined;
  readonly items: readonly KeyToPath[] | undefined;
  readonly defaultMode: number;
  readonly optional: boolean;
}

function fileSource(volume: Volume, sources: ValueSources): FileSource | undefined {
  const { secret, configMap } = volume;
  if (secret !== undefined) {
    const found = sources.secret(secret.secretName ?? "");
    const data =
      found &&
      new Map(Object.entries(found.data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64")]));
    const { items, defaultMode = 0o644, optional = false, secretName: name = "" } = secret;
    return { what: "secret", name, data, items, defaultMode, optional };
  }
  if (configMap === undefined) return undefined;
  const found = sources.configMap(configMap.name ?? "");
  const texts = Object.entries(found?.data ?? {}).map(([key, value]) => [key, Buffer.from(value)] as const);
  const binary = Object.entries(found?.binaryData ?? {}).map(
    ([key, value]) => [key, Buffer.from(value, "base64")] as const,
  );
  const data = found && new Map([...texts, ...binary]);
  const { items, defaultMode = 0o644, optional = false, name = "" } = configMap;
  return { what: "configmap", name, data, items, defaultMode, optional };
}

async function writeFiles(
  folder: string,
  volume: Volume,
  source: FileSource,
  group: number | undefined,
): Promise<void> {
  const failed = `MountVolume.SetUp failed for volume "${volume.name}" : `;
  if (source.data === undefined && !source.optional)
    throw new MountProblem(`${failed}${source.what} "${source.name}" not found`);
  const data = source.data ?? new Map<string, Buffer>();
  const items = source.items ?? [...data.keys()].map((key) => ({ key, path: key }) as KeyToPath);
  for (const { key, path, mode = source.defaultMode } of items) {
    const content = data.get(key);
    if (content === undefined) {
      if (source.optional) continue;
      throw new MountProblem(`${failed}references non-existent ${source.what} key: ${key}`);
    }
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o755 });
    await writeFile(file, content);
    if (group !== undefined) await chown(file, 0, group);
    // With an fsGroup the kubelet lets the group read whatever the mode says.
    await chmod(file, group === undefined ? mode : mode | 0o440);
  }
}

/**
 * Makes the folder that a volume is, and returns its path. Throws MountProblem with what the kubelet would say,
 * or what the sandbox does not know.
 */
export async function prepareVolume(
  pod: Pod,
  volume: Volume,
  folders: VolumeFolders,
  sources: ValueSources,
): Promise<string> {
  const claim = volume.persistentVolumeClaim;
  if (claim !== undefined) {
    const folder = folders.claimFolder(pod.metadata.namespace ?? "", claim.claimName ?? "");
    if (folder === undefined) throw new MountProblem(`claim "${claim.claimName}" has no folder`);
    return folder;
  }
  const source = fileSource(volume, sources);
  if (source === undefined && volume.emptyDir === undefined) {
    const { name, ...rest } = volume;
    throw new MountProblem(
      `kube-sandbox does not know volumes of type ${Object.keys(rest).join(", ")} (volume "${name}"): ` +
        "use persistentVolumeClaim, secret, configMap or emptyDir",
    );
  }
  const folder = join(folders.podFolder, "volumes", volume.name);
  const group = folders.asRoot ? pod.spec.securityContext?.fsGroup : undefined;
  await mkdir(folder, { recursive: true });
  if (group !== undefined) await chown(folder, 0, group);
  await chmod(folder, source === undefined ? 0o777 : 0o755);
  if (source !== undefined) await writeFiles(folder, volume, source, group);
  return folder;
}
