import type { V1KeyToPath, V1Volume, V1VolumeMount } from "@kubernetes/client-node";
import type { AgentRunSpec } from "../agent-run-spec.ts";
import { jobName } from "../identity/job-name.ts";
import { promptPlacement } from "../run-files/prompt-placement.ts";
import { fileKey, PROMPT_KEY } from "./secret-keys.ts";
import { canonical, sortedEntries } from "./sorted.ts";

/** Where the run's Secret is mounted unless configured otherwise. */
export const DEFAULT_SECRET_MOUNT_PATH = "/run/paperclip";
/** Where the scratch emptyDir is mounted unless configured otherwise. */
export const DEFAULT_TMP_MOUNT_PATH = "/tmp";
/** Names of this package's own volumes. */
export const OWN_VOLUMES: readonly string[] = ["paperclip", "run", "tmp"];

// The Secret's files belong to root, the pod runs as somebody else, and nothing else is in the pod.
const READABLE = 0o444;

/** The pod's volumes: the shared claim, the run's Secret, a scratch folder, and what the config adds. */
export function podVolumes(spec: AgentRunSpec): V1Volume[] {
  const items = secretItems(spec);
  return [
    { name: "paperclip", persistentVolumeClaim: { claimName: spec.volume.claimName } },
    ...(items.length > 0
      ? [
          {
            name: "run",
            secret: {
              secretName: jobName(spec.naming, spec.identity),
              defaultMode: READABLE,
              items,
              optional: false,
            },
          },
        ]
      : []),
    { name: "tmp", emptyDir: {} },
    ...canonical([...(spec.extraVolumes ?? [])]),
  ];
}

/** Where the container sees them. */
export function podVolumeMounts(spec: AgentRunSpec): V1VolumeMount[] {
  const { mountPath, subPaths = [], readOnlySubPaths = [] } = spec.volume;
  const shared =
    subPaths.length === 0
      ? [{ name: "paperclip", mountPath }]
      : subPaths.map((subPath) => ({
          name: "paperclip",
          mountPath: `${mountPath}/${subPath}`,
          subPath,
          ...(readOnlySubPaths.includes(subPath) ? { readOnly: true } : {}),
        }));
  return [
    ...shared,
    ...(secretItems(spec).length > 0
      ? [{ name: "run", mountPath: spec.secretMountPath ?? DEFAULT_SECRET_MOUNT_PATH, readOnly: true }]
      : []),
    { name: "tmp", mountPath: spec.tmpMountPath ?? DEFAULT_TMP_MOUNT_PATH },
    ...canonical([...(spec.extraVolumeMounts ?? [])]),
  ];
}

/**
 * What of the Secret becomes a file: the prompt and the files, never the variables. An empty list
 * would mean "all keys", so that the volume is left out where nothing is to be a file.
 */
function secretItems(spec: AgentRunSpec): V1KeyToPath[] {
  return [
    ...(promptPlacement(spec).kind === "secret" ? [{ key: PROMPT_KEY, path: "prompt" }] : []),
    ...sortedEntries(spec.files).map(([name]) => ({ key: fileKey(name), path: `files/${name}` })),
  ];
}
