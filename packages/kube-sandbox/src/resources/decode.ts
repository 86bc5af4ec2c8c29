// Reads a client's JSON as a kind: unknown fields are found, wrong types are refused, nulls are dropped.
// The schema is the attribute map that the Kubernetes client generates for each model.
import * as client from "@kubernetes/client-node";
import { type ApiRefusal, badRequest } from "../server/api-status.ts";
import { apiVersionOf, type Kind, qualifiedKind } from "./kinds.ts";

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

function jsonTypeName(value: unknown, wanted: string): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" && /^int/.test(wanted)) return `number ${value}`;
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** Go names a struct by its kind without the version: `ObjectMeta`, not `V1ObjectMeta`. */
function wrongType(kind: Kind, value: unknown, model: string, path: string, wanted: string): never {
  const struct = model.replace(/^(Core|Batch)?V1/, "");
  const field = path.replaceAll(/\[\d+\]/g, "");
  throw badRequest(
    `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: json: cannot unmarshal ` +
      `${jsonTypeName(value, wanted)} into Go struct field ${struct}.${field} of type ${wanted}`,
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
  number: ["number", "int32"],
  boolean: ["boolean", "bool"],
  Date: ["string", "Time"],
  V1MicroTime: ["string", "MicroTime"],
};

function unreadable({ kind, version }: Kind, why: string): ApiRefusal {
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
}

function checkInteger(value: number, type: string, place: Place): void {
  const limit = type === "int32" ? 2 ** 31 : 2 ** 63;
  if (!/^int/.test(type) || (Number.isInteger(value) && value < limit && value >= -limit)) return;
  wrongType(place.kind, value, place.model, place.path, type);
}

function checkTime(text: string, kind: Kind): void {
  const whole = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
  if (whole && !Number.isNaN(Date.parse(text))) return;
  const layout = "2006-01-02T15:04:05Z07:00";
  throw unreadable(kind, `parsing time "${text}" as "${layout}": cannot parse "${text}" as "2006"`);
}

function checkBase64(text: string, kind: Kind): void {
  const bare = text.replaceAll(/[\r\n]/g, "");
  const at = /^[A-Za-z0-9+/]*/.exec(bare)![0].length;
  if (bare.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(bare)) return;
  throw unreadable(kind, `illegal base64 data at input byte ${at}`);
}

function decodeMap(value: unknown, of: string, format: string, place: Place): unknown {
  if (typeof value !== "object" || Array.isArray(value)) {
    wrongType(place.kind, value, place.model, place.path, `map[string]${of}`);
  }
  const entries = Object.entries(value as object).filter(([, one]) => one !== null);
  return Object.fromEntries(
    entries.map(([key, one]) => {
      // Quantities are written as strings or numbers.
      const text = typeof one === "number" && /\.(limits|requests|capacity|allocatable)$/.test(place.path);
      return [key, decodeValue(text ? String(one) : one, { baseName: key, type: of, format }, place)];
    }),
  );
}

function decodeValue(value: unknown, attribute: Attribute, place: Place): unknown {
  const { type } = attribute;
  const scalar = scalars[type];
  if (scalar !== undefined) {
    const [wanted, type] = scalar;
    const goType = wanted === "number" ? attribute.format || type : type;
    if (typeof value !== wanted) wrongType(place.kind, value, place.model, place.path, goType);
    if (typeof value === "number") checkInteger(value, goType, place);
    if (goType.endsWith("Time")) checkTime(value as string, place.kind);
    if (attribute.format === "byte") checkBase64(value as string, place.kind);
    return value;
  }
  const listed = /^Array<(.+)>$/.exec(type)?.[1];
  if (listed !== undefined) {
    if (!Array.isArray(value))
      wrongType(place.kind, value, place.model, place.path, `[]${listed.replace(/^V1/, "v1.")}`);
    return value.map((item, index) => {
      const of = { baseName: "", type: listed, format: "" };
      // A null in a list is an empty element.
      const empty = scalars[listed] === undefined ? {} : "";
      return decodeValue(item ?? empty, of, { ...place, path: `${place.path}[${index}]` });
    });
  }
  const mapped = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (mapped !== undefined) return decodeMap(value, mapped, attribute.format, place);
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
  const raw = isObject(body) ? { ...body } : body;
  if (isObject(raw) && isObject(raw["metadata"])) {
    const { managedFields: _, ...metadata } = raw["metadata"];
    raw["metadata"] = metadata;
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

/** Refuses a body that is no object, or says it is of another kind or version, as the API does. */
export function checkTypeMeta(kind: Kind, body: unknown): void {
  const unrecognized = (what: string, into: string): ApiRefusal => {
    const why = `couldn't get version/kind; json parse error: json: cannot unmarshal ${what} into Go ${into}`;
    return badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${why}`);
  };
  if (!isObject(body)) throw unrecognized(jsonTypeName(body, ""), "value of type struct");
  for (const field of ["kind", "apiVersion"]) {
    const value = body[field] ?? "";
    if (typeof value !== "string")
      throw unrecognized(jsonTypeName(value, ""), `struct field .${field} of type string`);
  }
  const { kind: named = "", apiVersion = "" } = body as { kind?: string; apiVersion?: string };
  const version = (apiVersion || kind.version).replace(/^.*\//, "");
  const refuse = (why: string): never => {
    throw badRequest(`${named} in version "${version}" cannot be handled as a ${kind.kind}: ${why}`);
  };
  if (named !== "" && named !== kind.kind)
    refuse(`converting (${named}) to (${qualifiedKind(kind)}): unknown conversion`);
  if (apiVersion !== "" && apiVersion !== apiVersionOf(kind))
    refuse(`no kind "${kind.kind}" is registered for version "${apiVersion}" in scheme`);
}
