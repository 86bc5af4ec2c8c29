import type { AgentRunSpec } from "../agent-run-spec.ts";
import { refuse } from "../error.ts";
import { DEFAULT_SECRET_MOUNT_PATH, DEFAULT_TMP_MOUNT_PATH } from "../pod/volumes.ts";
import { isAbsolutePath, isRelativePath, isWithin } from "../run-files/path-syntax.ts";
import { quoted } from "./syntax.ts";

/** Where things are in the pod: the volume, the Secret, the scratch folder, the working directory. */
export function validatePaths(spec: AgentRunSpec): void {
  const mounts = ownMountPaths(spec);
  requireAbsolute("workingDirectory", spec.workingDirectory);
  for (const [field, path] of Object.entries(mounts)) requireAbsolute(field, path);
  requireApart(mounts);
  requireRelative("runDirectory", spec.runDirectory);
  const subPaths = spec.volume.subPaths ?? [];
  for (const [index, subPath] of subPaths.entries()) {
    requireRelative(`volume.subPaths[${index}]`, subPath);
    if (subPaths.indexOf(subPath) < index) {
      refuse(
        "invalid_path",
        `volume.subPaths[${index}]`,
        `volume.subPaths[${index}] is ${quoted(subPath)} once more: leave it out`,
      );
    }
  }
  if (subPaths.length > 0 && !subPaths.some((subPath) => isWithin(spec.runDirectory, subPath))) {
    refuse(
      "invalid_path",
      "volume.subPaths",
      `volume.subPaths leave out the run directory ${quoted(spec.runDirectory)}, where the pod must write: add it`,
    );
  }
  validateReadOnly(spec);
}

function validateReadOnly({ volume, runDirectory }: AgentRunSpec): void {
  const { subPaths = [], readOnlySubPaths = [] } = volume;
  for (const [index, path] of readOnlySubPaths.entries()) {
    const field = `volume.readOnlySubPaths[${index}]`;
    if (!subPaths.includes(path)) {
      refuse("invalid_path", field, `${field} is ${quoted(path)}: give one of volume.subPaths`);
    }
    if (isWithin(runDirectory, path)) {
      const problem = `has the run directory ${quoted(runDirectory)} in it, where the pod must write`;
      refuse("invalid_path", field, `${field} is ${quoted(path)}, which ${problem}: leave it out`);
    }
  }
}

/** Field and path of each of this package's own mounts. */
export function ownMountPaths(spec: AgentRunSpec): Record<string, string> {
  return {
    "volume.mountPath": spec.volume.mountPath,
    secretMountPath: spec.secretMountPath ?? DEFAULT_SECRET_MOUNT_PATH,
    tmpMountPath: spec.tmpMountPath ?? DEFAULT_TMP_MOUNT_PATH,
  };
}

function requireApart(mounts: Readonly<Record<string, string>>): void {
  const entries = Object.entries(mounts);
  for (const [field, path] of entries) {
    const other = entries.find(([name, otherPath]) => name !== field && isWithin(path, otherPath));
    if (other) {
      refuse(
        "invalid_path",
        field,
        `${field} is ${quoted(path)}, within ${other[0]} (${quoted(other[1])}): choose folders that are apart`,
      );
    }
  }
}

function requireAbsolute(field: string, path: string): void {
  if (typeof path === "string" && isAbsolutePath(path)) return;
  refuse(
    "invalid_path",
    field,
    `${field} is ${quoted(path)}: give an absolute path without "//", ".", "..", ":" and a "/" at its end`,
  );
}

function requireRelative(field: string, path: string): void {
  if (typeof path === "string" && isRelativePath(path)) return;
  refuse(
    "invalid_path",
    field,
    `${field} is ${quoted(path)}: give a path relative to the volume's root, without "//", ".", ".." and ":"`,
  );
}
