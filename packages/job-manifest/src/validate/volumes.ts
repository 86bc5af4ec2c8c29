import type { AgentRunSpec } from "../agent-run-spec.ts";
import { OWN_VOLUMES } from "../pod/volumes.ts";
import { volumeRule } from "./pod/volume.ts";
import { mountsRule } from "./pod/volume-mount.ts";
import { listOf, wrong } from "./rule.ts";
import { quoted } from "./syntax.ts";

/** Volumes that the config adds: they may not touch the names and paths of the run's own. */
export function validateVolumes(spec: AgentRunSpec): void {
  const { extraVolumes = [], extraVolumeMounts = [] } = spec;
  const names = new Set<string>();
  const scope = { spec, isAgent: true, volumes: new Set([...OWN_VOLUMES, ...volumeNames(extraVolumes)]) };
  listOf(volumeRule)(extraVolumes, "extraVolumes", scope);
  for (const [index, { name }] of extraVolumes.entries()) {
    if (names.has(name))
      wrong(`extraVolumes[${index}].name`, `is ${quoted(name)} once more: give each its own`);
    names.add(name);
  }
  mountsRule(extraVolumeMounts, "extraVolumeMounts", scope);
}

/** The names in a list of volumes, whatever else is wrong with it. */
export function volumeNames(volumes: unknown): readonly string[] {
  if (!Array.isArray(volumes)) return [];
  return volumes.flatMap((volume) => (typeof volume?.name === "string" ? [volume.name] : []));
}
