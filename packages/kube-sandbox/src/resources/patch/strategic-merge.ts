// Kubernetes' own patch: lists of objects merge by a key that belongs to the field.
import { badRequest } from "../../server/api-status.ts";

/** The merge key of each list that merges; `null` means a list of plain values that are united. */
const mergeKeys: Record<string, string | null> = {
  containers: "name",
  initContainers: "name",
  ephemeralContainers: "name",
  env: "name",
  volumes: "name",
  volumeMounts: "mountPath",
  volumeDevices: "devicePath",
  ports: "containerPort",
  imagePullSecrets: "name",
  ownerReferences: "uid",
  conditions: "type",
  secrets: "name",
  finalizers: null,
};

type Fields = Record<string, unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mergeList(current: unknown[], patch: unknown[], key: string): unknown[] {
  // What is no object fits nowhere; decoding tells the client.
  if (!patch.every(isObject)) return patch;
  const items = patch;
  if (items.some((item) => item["$patch"] === "replace" && item[key] === undefined)) {
    return items.filter((item) => item["$patch"] === undefined);
  }
  const result = [...current];
  for (const item of items) {
    const index = result.findIndex((one) => isObject(one) && one[key] === item[key]);
    if (item["$patch"] === "delete") {
      if (index >= 0) result.splice(index, 1);
    } else if (index >= 0) result[index] = applyStrategicMerge(result[index], item);
    else result.push(applyStrategicMerge({}, item));
  }
  return result;
}

function mergeField(name: string, current: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) return applyStrategicMerge(current, patch);
  const key = mergeKeys[name];
  if (key === undefined) return patch;
  const list = Array.isArray(current) ? current : [];
  return key === null ? [...new Set([...list, ...patch])] : mergeList(list, patch, key);
}

/** A strategic merge patch, with `$patch: delete | replace` and `$deleteFromPrimitiveList`. */
export function applyStrategicMerge(document: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const { $patch, ...fields } = patch;
  if ($patch !== undefined && !["replace", "merge", "delete"].includes($patch as string))
    throw badRequest(`unknown patch type: ${String($patch)} in map`);
  const result: Fields = isObject(document) && $patch !== "replace" ? { ...document } : {};
  for (const [name, value] of Object.entries(fields)) {
    const removed = /^\$deleteFromPrimitiveList\/(.+)$/.exec(name)?.[1];
    if (removed !== undefined) {
      const gone = new Set(Array.isArray(value) ? value : []);
      const list = Array.isArray(result[removed]) ? result[removed] : [];
      result[removed] = list.filter((one) => !gone.has(one));
    } else if (name.startsWith("$")) continue;
    else if (value === null) delete result[name];
    else result[name] = mergeField(name, result[name], value);
  }
  return result;
}
