// Reads a client's JSON as a kind: unknown fields are found, wrong types are refused, nulls are dropped.
// The schema is the attribute map that the Kubernetes client generates for each model.
import * as client from "@kubernetes/client-node";
import { badRequest } from "../server/api-status.ts";
import { type Kind, qualifiedKind } from "./kinds.ts";

interface Attribute {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

interface Found {
  readonly unknown: string[];
}

const models = client as unknown as Record<string, { getAttributeTypeMap?: () => Attribute[] } | undefined>;
const attributes = new Map<string, ReadonlyMap<string, Attribute> | undefined>();

function attributesOf(model: string): ReadonlyMap<string, Attribute> | undefined {
  if (!attributes.has(model)) {
    const list = models[model]?.getAttributeTypeMap?.();
    attributes.set(model, list && new Map(list.map((attribute) => [attribute.baseName, attribute])));
  }
  return attributes.get(model);
}

function jsonTypeName(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** Go names a struct by its kind without the version: `ObjectMeta`, not `V1ObjectMeta`. */
function wrongType(kind: Kind, value: unknown, model: string, path: string, wanted: string): never {
  const struct = model.replace(/^(Core|Batch)?V1/, "");
  const field = path.split(".").slice(-3).join(".");
  throw badRequest(
    `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: json: cannot unmarshal ` +
      `${jsonTypeName(value)} into Go struct field ${struct}.${field} of type ${wanted}`,
  );
}

interface Place {
  readonly kind: Kind;
  readonly model: string;
  readonly path: string;
  readonly found: Found;
}

const scalars: Record<string, readonly [jsType: string, goType: string]> = {
  string: ["string", "string"],
  number: ["number", "int64"],
  boolean: ["boolean", "bool"],
  Date: ["string", "Time"],
  V1MicroTime: ["string", "MicroTime"],
};

function decodeMap(value: unknown, of: string, place: Place): unknown {
  if (typeof value !== "object" || Array.isArray(value)) {
    wrongType(place.kind, value, place.model, place.path, `map[string]${of}`);
  }
  const entries = Object.entries(value as object).filter(([, one]) => one !== null);
  return Object.fromEntries(
    entries.map(([key, one]) => {
      // Quantities are written as strings or numbers.
      const text = typeof one === "number" && /\.(limits|requests|capacity|allocatable)$/.test(place.path);
      return [key, decodeValue(text ? String(one) : one, { baseName: key, type: of, format: "" }, place)];
    }),
  );
}

function decodeValue(value: unknown, attribute: Attribute, place: Place): unknown {
  const { type } = attribute;
  const scalar = scalars[type];
  if (scalar !== undefined) {
    const [wanted, goType] = scalar;
    if (typeof value !== wanted) wrongType(place.kind, value, place.model, place.path, goType);
    return value;
  }
  const listed = /^Array<(.+)>$/.exec(type)?.[1];
  if (listed !== undefined) {
    if (!Array.isArray(value))
      wrongType(place.kind, value, place.model, place.path, `[]${listed.replace(/^V1/, "v1.")}`);
    return value.map((item, index) => {
      const of = { baseName: "", type: listed, format: "" };
      return decodeValue(item, of, { ...place, path: `${place.path}[${index}]` });
    });
  }
  const mapped = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (mapped !== undefined) return decodeMap(value, mapped, place);
  if (attributesOf(type) === undefined) return value;
  return decodeModel(value, type, place);
}

function decodeModel(value: unknown, model: string, place: Place): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    wrongType(place.kind, value, place.model, place.path, model.replace(/^V1/, "v1."));
  }
  const known = attributesOf(model)!;
  const result: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value as object)) {
    const path = place.path === "" ? key : `${place.path}.${key}`;
    const attribute = known.get(key);
    if (attribute === undefined) place.found.unknown.push(path);
    else if (child !== null) result[key] = decodeValue(child, attribute, { ...place, model, path });
  }
  return result;
}

/** How unknown fields are met: `Strict` refuses them; `Warn` and `Ignore` drop them. */
export type FieldValidation = "Strict" | "Warn" | "Ignore";

/** What a client sent, with unknown fields and nulls dropped; `unknown` names the dropped ones. */
export function decode<T>(
  kind: Kind,
  body: unknown,
  validation: FieldValidation,
): { object: T; unknown: readonly string[] } {
  const found: Found = { unknown: [] };
  const raw = typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body } : body;
  if (typeof raw === "object" && raw !== null && "metadata" in raw) {
    const { managedFields: _, ...metadata } = (raw.metadata ?? {}) as Record<string, unknown>;
    raw.metadata = metadata;
  }
  const object = decodeModel(raw, kind.model, { kind, model: kind.model, path: "", found }) as T;
  if (validation === "Strict" && found.unknown.length > 0) {
    const list = found.unknown.map((path) => `unknown field "${path}"`).join(", ");
    throw badRequest(
      `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: strict decoding error: ${list}`,
    );
  }
  return { object, unknown: found.unknown };
}

/** Refuses a body that says it is of another kind, as the API does. */
export function checkTypeMeta(kind: Kind, body: unknown): void {
  const { kind: named, apiVersion } = (body ?? {}) as { kind?: unknown; apiVersion?: unknown };
  if (typeof named === "string" && named !== "" && named !== kind.kind) {
    throw badRequest(
      `${named} in version "${String(apiVersion ?? kind.version).replace(/^.*\//, "")}" cannot be handled as a ` +
        `${kind.kind}: converting (${named}) to (${qualifiedKind(kind)}): unknown conversion`,
    );
  }
}
