// RFC 6902, as far as the API supports it (all six operations).
import { ApiRefusal, badRequest } from "../../server/api-status.ts";

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

type Node = Record<string, unknown> | unknown[];

/** The API hides what did not apply, a failed `test` too. */
function notApplicable(): ApiRefusal {
  return new ApiRefusal(422, "Invalid", "the server rejected our request due to an error in our request", {});
}

function tokens(pointer: unknown): string[] {
  if (typeof pointer !== "string") throw notApplicable();
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) throw notApplicable();
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function indexIn(key: string, end: number): number {
  const index = /^\d+$/.test(key) ? Number(key) : Number.NaN;
  if (!(index <= end)) throw notApplicable();
  return index;
}

function locate(document: unknown, pointer: string): { parent: Node; key: string } {
  const path = ["", ...tokens(pointer)];
  const key = path.pop()!;
  let parent = document;
  for (const token of path) {
    parent = Array.isArray(parent)
      ? parent[indexIn(token, parent.length - 1)]
      : (parent as Record<string, unknown>)?.[token];
    if (typeof parent !== "object" || parent === null) throw notApplicable();
  }
  return { parent: parent as Node, key };
}

function read(document: unknown, pointer: string): unknown {
  const { parent, key } = locate(document, pointer);
  if (Array.isArray(parent)) return parent[indexIn(key, parent.length - 1)];
  return parent[key];
}

function add(document: unknown, pointer: string, value: unknown): void {
  const { parent, key } = locate(document, pointer);
  if (Array.isArray(parent))
    parent.splice(key === "-" ? parent.length : indexIn(key, parent.length), 0, value);
  else parent[key] = value;
}

function remove(document: unknown, pointer: string): void {
  const { parent, key } = locate(document, pointer);
  if (Array.isArray(parent)) parent.splice(indexIn(key, parent.length - 1), 1);
  else if (!Object.hasOwn(parent, key)) throw notApplicable();
  else delete parent[key];
}

function sameJson(left: unknown, right: unknown): boolean {
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null)
    return left === right;
  const keys = Object.keys(left);
  return (
    Array.isArray(left) === Array.isArray(right) &&
    keys.length === Object.keys(right).length &&
    keys.every((key) =>
      sameJson((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key]),
    )
  );
}

const appliers: Record<string, (document: unknown, operation: Operation) => void> = {
  add: (document, { path, value }) => add(document, path, value),
  remove: (document, { path }) => remove(document, path),
  replace(document, { path, value }) {
    const { parent, key } = locate(document, path);
    if (read(document, path) === undefined) throw notApplicable();
    (parent as Record<string, unknown>)[key] = value;
  },
  test(document, { path, value }) {
    if (!sameJson(read(document, path) ?? null, value ?? null)) throw notApplicable();
  },
  move(document, { path, from = "" }) {
    const value = read(document, from);
    remove(document, from);
    add(document, path, value);
  },
  copy: (document, { path, from = "" }) => add(document, path, structuredClone(read(document, from))),
};

/** A new document with all operations applied, or a 422 (400, if it is no list). */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) {
    throw badRequest(
      "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
    );
  }
  // A root, so that the whole document has a place that an operation may name.
  const root = { "": structuredClone(document) };
  for (const operation of patch as (Operation | null)[]) {
    if (typeof operation !== "object" || operation === null)
      throw badRequest(
        "error decoding patch: json: cannot unmarshal into Go value of type handlers.jsonPatchOp",
      );
    const apply = Object.hasOwn(appliers, operation.op) ? appliers[operation.op] : undefined;
    if (apply === undefined) throw notApplicable();
    apply(root, operation);
  }
  return root[""];
}
