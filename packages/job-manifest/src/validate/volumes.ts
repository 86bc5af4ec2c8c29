import type { V1Volume } from "@kubernetes/client-node";
import type { AgentRunSpec } from "../agent-run-spec.ts";
import { refuse } from "../error.ts";
import { OWN_VOLUMES } from "../pod/volumes.ts";
import { isAbsolutePath, isWithin } from "../run-files/path-syntax.ts";
import { ownMountPaths } from "./paths.ts";
import { isDnsLabel, quoted } from "./syntax.ts";

// What the Pod Security Standard "restricted" lets a pod mount.
const ALLOWED_KINDS: readonly string[] = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/** Volumes that the config adds: they may not touch the names and paths of the run's own. */
export function validateVolumes(spec: AgentRunSpec): void {
  const names = new Set<string>();
  for (const [index, volume] of (spec.extraVolumes ?? []).entries()) {
    const field = `extraVolumes[${index}]`;
    if (!isDnsLabel(volume.name) || OWN_VOLUMES.includes(volume.name) || names.has(volume.name)) {
      refuse(
        "invalid_pod_option",
        `${field}.name`,
        `${field}.name is ${quoted(volume.name)}: give a DNS label of its own, other than ${OWN_VOLUMES.join(", ")}`,
      );
    }
    names.add(volume.name);
    validateKind(field, volume);
  }
  validateMounts(spec, names);
}

function validateKind(field: string, volume: V1Volume): void {
  const kinds = Object.entries(volume).flatMap(([key, value]) =>
    key !== "name" && value != null ? [key] : [],
  );
  if (kinds.length === 1 && ALLOWED_KINDS.includes(kinds[0]!)) return;
  refuse(
    "invalid_pod_option",
    field,
    `${field} is of kind ${quoted(kinds.join(", "))}: give exactly one of ${ALLOWED_KINDS.join(", ")} (Pod Security "restricted"); reach other storage through a claim`,
  );
}

function validateMounts(spec: AgentRunSpec, names: ReadonlySet<string>): void {
  const own = Object.entries(ownMountPaths(spec));
  const taken = new Set<string>();
  for (const [index, mount] of (spec.extraVolumeMounts ?? []).entries()) {
    const field = `extraVolumeMounts[${index}]`;
    const { name, mountPath } = mount;
    if (!names.has(name)) {
      refuse(
        "invalid_pod_option",
        `${field}.name`,
        `${field}.name is ${quoted(name)}: name one of extraVolumes`,
      );
    }
    if (!isAbsolutePath(mountPath) || taken.has(mountPath)) {
      refuse(
        "invalid_path",
        `${field}.mountPath`,
        `${field}.mountPath is ${quoted(mountPath)}: give an absolute, normal path that no other mount has`,
      );
    }
    taken.add(mountPath);
    const touched = own.find(([, path]) => isWithin(mountPath, path) || isWithin(path, mountPath));
    if (touched) {
      refuse(
        "invalid_path",
        `${field}.mountPath`,
        `${field}.mountPath is ${quoted(mountPath)}, which overlaps ${touched[0]} (${quoted(touched[1])}): mount it elsewhere`,
      );
    }
  }
}
