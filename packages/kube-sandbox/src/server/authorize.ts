import type { FaultTarget } from "../faults/fault.ts";
import { ApiRefusal, detailsOf } from "./api-status.ts";
import type { Target } from "./route.ts";

/** What is not allowed; what is left out, or `*`, matches everything. */
export interface DeniedPermission {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
  readonly verb?: string;
  /** Plural name, with its subresource if any: `jobs`, `pods/log`. */
  readonly resource?: string;
  readonly group?: string;
  readonly namespace?: string;
}

const fits = (rule: string | undefined, value: string | undefined): boolean =>
  rule === undefined || rule === "*" || rule === (value ?? "");

/** Whether a rule denies something. */
export function isDenied(
  rules: readonly DeniedPermission[],
  asked: FaultTarget & { readonly group: string },
): boolean {
  const resource =
    asked.subresource === undefined ? asked.resource : `${asked.resource}/${asked.subresource}`;
  return rules.some(
    (rule) =>
      fits(rule.verb, asked.verb) &&
      fits(rule.resource, resource) &&
      fits(rule.group, asked.group) &&
      fits(rule.namespace, asked.namespace),
  );
}

/** The 403 that RBAC answers, in its words. */
export function forbiddenRequest(user: string, verb: string, target: Target): ApiRefusal {
  const { group, resource, subresource, name, namespace, kind } = target;
  const qualified = group === "" ? resource : `${resource}.${group}`;
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const scope = namespace ?? (resource === "namespaces" ? name : undefined);
  const where = scope === undefined ? "at the cluster scope" : `in the namespace "${scope}"`;
  const object = name === undefined ? qualified : `${qualified} "${name}"`;
  const message = `${object} is forbidden: User "${user}" cannot ${verb} resource "${full}" in API group "${group}" ${where}`;
  const details =
    kind === undefined ? { ...(name === undefined ? {} : { name }), kind: resource } : detailsOf(kind, name);
  return new ApiRefusal(403, "Forbidden", message, details);
}
