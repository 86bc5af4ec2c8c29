// How a patch is laid onto what is there: the strategic merge of Kubernetes, without its deletions.
import { canonical } from "../pod/sorted.ts";

/** Lists whose items have a key: an item with a key that is there already is laid onto it. */
const KEYS: Readonly<Record<string, string>> = {
  containers: "name",
  env: "name",
  hostAliases: "ip",
  imagePullSecrets: "name",
  initContainers: "name",
  options: "name",
  resourceClaims: "name",
  sysctls: "name",
  volumeDevices: "devicePath",
  volumeMounts: "mountPath",
  volumes: "name",
};

/** Objects that are merged key by key. All others (a probe, a source of a volume, one kind of affinity) are one value. */
const MERGED: ReadonlySet<string> = new Set([
  "",
  "affinity",
  "annotations",
  "capabilities",
  "containers",
  "dnsConfig",
  "labels",
  "limits",
  "metadata",
  "nodeSelector",
  "requests",
  "resources",
  "securityContext",
  "spec",
]);

type Shape = Readonly<Record<string, unknown>>;

/**
 * `patch` laid onto `base`. Neither is changed, nothing of `base` is removed, and the result's keys stand in
 * the order of `base`, then of their names.
 *
 * @param field the field that both are the value of; items of a list go by the list's name
 */
export function merged(base: unknown, patch: unknown, field = ""): unknown {
  if (patch === undefined) return base;
  if (Array.isArray(patch)) return mergedLists(Array.isArray(base) ? base : [], patch, field);
  if (!isShape(patch)) return patch;
  if (!isShape(base) || !MERGED.has(field)) return canonical(patch);
  const added = Object.keys(patch).filter((key) => !Object.hasOwn(base, key));
  const keys = [...Object.keys(base), ...added.sort()];
  return Object.fromEntries(
    keys.map((key) => [
      key,
      Object.hasOwn(patch, key) ? merged(own(base, key), patch[key], key) : own(base, key),
    ]),
  );
}

function mergedLists(base: readonly unknown[], patch: readonly unknown[], field: string): unknown[] {
  const key = KEYS[field];
  const result = [...base];
  for (const item of patch) {
    const at = result.findIndex((present) => isSame(present, item, key));
    if (at < 0) result.push(canonical(item));
    else result[at] = merged(result[at], item, field);
  }
  return result;
}

function isSame(left: unknown, right: unknown, key: string | undefined): boolean {
  if (key !== undefined && isShape(left) && isShape(right)) return left[key] === right[key];
  return JSON.stringify(canonical(left)) === JSON.stringify(canonical(right));
}

function own(shape: Shape, key: string): unknown {
  return Object.hasOwn(shape, key) ? shape[key] : undefined;
}

function isShape(value: unknown): value is Shape {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
