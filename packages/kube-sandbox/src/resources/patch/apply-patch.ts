import { ApiRefusal, badRequest } from "../../server/api-status.ts";
import { applyJsonPatch } from "./json-patch.ts";
import { applyMergePatch } from "./merge-patch.ts";
import { applyStrategicMerge } from "./strategic-merge.ts";

/** Applies a patch by its content type. */
export function applyPatch(contentType: string, document: unknown, patch: unknown): unknown {
  const type = contentType.split(";")[0]?.trim();
  if (type === "application/json-patch+json") return applyJsonPatch(document, patch);
  const merge = {
    "application/merge-patch+json": applyMergePatch,
    "application/strategic-merge-patch+json": applyStrategicMerge,
  };
  const apply = merge[type as keyof typeof merge];
  if (apply === undefined) {
    throw new ApiRefusal(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
  }
  if (patch === null) throw badRequest("Invalid JSON Patch");
  if (typeof patch !== "object" || Array.isArray(patch)) {
    const what = Array.isArray(patch) ? "array" : typeof patch;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${what} into Go value of type map[string]interface {}`,
    );
  }
  return apply(document, patch);
}
