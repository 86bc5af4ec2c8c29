import { posix } from "node:path";

/** Where host and pod see the same volume. */
export interface VolumeViews {
  readonly volumeHostPath: string;
  readonly volumeMountPath: string;
}

/** A place on the shared volume, as both sides see it. */
export interface SharedPath {
  readonly hostPath: string;
  readonly podPath: string;
}

/** The pod's path of a host path; null where the path is not on the volume. Symbolic links are not followed. */
export function mapPath({
  hostPath,
  volumeHostPath,
  volumeMountPath,
}: VolumeViews & { readonly hostPath: string }): string | null {
  if (!posix.isAbsolute(hostPath) || hostPath.includes("\0")) return null;
  const relative = posix.relative(posix.normalize(volumeHostPath), posix.normalize(hostPath));
  if (relative === ".." || relative.startsWith("../")) return null;
  return withoutEndSlash(posix.join(volumeMountPath, relative));
}

/** A place below the volume's root, as both sides see it. */
export function onVolume(
  { volumeHostPath, volumeMountPath }: VolumeViews,
  ...segments: readonly string[]
): SharedPath {
  return {
    hostPath: withoutEndSlash(posix.join(volumeHostPath, ...segments)),
    podPath: withoutEndSlash(posix.join(volumeMountPath, ...segments)),
  };
}

/** A path as it is compared with others: without slashes at its end. */
export function withoutEndSlash(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === "/") end -= 1;
  return path.slice(0, end);
}
