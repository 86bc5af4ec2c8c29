import { ApiRefusal, badRequest } from "../../server/api-status.ts";
import { applyJsonPatch } from "./json-patch.ts";
import { applyMergePatch } from "./merge-patch.ts";
import { applyStrategicMerge } from "./strategic-merge.ts";

/** Applies a patch by its content type; server-side apply is refused by name. */
export function applyPatch(contentType: string, document: unknown, patch: unknown): unknown {
  const type = contentType.split(";")[0]?.trim();
  if (type === "application/json-patch+json") return applyJsonPatch(document, patch);
  if (type === "application/apply-patch+yaml") {
    throw new ApiRefusal(415, "UnsupportedMediaType", "kube-sandbox does not know server-side apply", {});
  }
  const merge = {
    "application/merge-patch+json": applyMergePatch,
    "application/strategic-merge-patch+json": applyStrategicMerge,
  };
  const apply = merge[type as keyof typeof merge];
  if (apply === undefined) {
    throw new ApiRefusal(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
  }
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) {
    throw badRequest(
      "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
    );
  }
  return apply(document, patch);
}
