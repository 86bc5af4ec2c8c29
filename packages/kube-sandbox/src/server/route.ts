import { findKind, type Kind } from "../resources/kinds.ts";
import { ApiRefusal } from "./api-status.ts";

/** What a URL of the API means. */
export interface Target {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: Kind | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ApiRefusal(400, "BadRequest", `400 Bad Request: ${part} is no part of a URL`);
  }
}

/** Splits `/api/v1/…` and `/apis/GROUP/VERSION/…`; undefined for anything else. Throws 400. */
export function parsePath(path: string): Target | undefined {
  const parts = path
    .split("/")
    .filter((part) => part !== "")
    .map(decoded);
  const root = parts.shift();
  const group = root === "api" ? "" : root === "apis" ? parts.shift() : undefined;
  const version = parts.shift();
  if (group === undefined || version === undefined || parts.length === 0) return undefined;
  const scoped =
    parts[0] === "namespaces" && parts.length >= 3 && parts[2] !== "status" && parts[2] !== "finalize";
  const namespace = scoped ? parts[1] : undefined;
  const [resource, name, subresource, ...rest] = scoped ? parts.slice(2) : parts;
  if (resource === undefined || rest.length > 0) return undefined;
  const kind = findKind(group, version, resource);
  return { group, version, resource, kind, namespace, name, subresource };
}

/** The verb that RBAC and the audit log would name. */
export function verbOf(method: string, target: Target, query: URLSearchParams): string {
  if (method === "POST") return "create";
  if (method === "PUT") return "update";
  if (method === "PATCH") return "patch";
  if (method === "DELETE") return target.name === undefined ? "deletecollection" : "delete";
  if (target.name !== undefined) return "get";
  return isTrue(query.get("watch")) ? "watch" : "list";
}

/** How the API reads a flag in a query. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== "false" && value !== "0";
}
