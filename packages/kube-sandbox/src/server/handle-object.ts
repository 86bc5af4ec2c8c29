// The verbs on objects: each takes a request that is read and allowed, and returns the answer.
import { checkTypeMeta, decode } from "../resources/decode.ts";
import type { Kind } from "../resources/kinds.ts";
import type { KubeObject, ResourceName } from "../resources/objects.ts";
import { applyPatch } from "../resources/patch/apply-patch.ts";
import { invalidValue } from "../resources/validate/field-errors.ts";
import { createObject } from "../store/create-object.ts";
import { type DeleteOptions, deleteObject } from "../store/delete-object.ts";
import type { Store } from "../store/store.ts";
import { updateObject } from "../store/update-object.ts";
import { ApiRefusal, type ApiStatus, badRequest, detailsOf, notFound } from "./api-status.ts";
import { optionsFromBody, optionsFromQuery } from "./delete-options.ts";
import { listEnvelope, listObjects, type Snapshot, tooLarge } from "./list-objects.ts";
import { listOptions, parseVersion } from "./list-options.ts";
import { writeOptions } from "./request-options.ts";
import { encodeObject } from "./respond.ts";
import type { Target } from "./route.ts";
import { tableOf } from "./table/table.ts";

/** A request for objects, as far as the verbs need it. */
export interface ObjectRequest {
  readonly kind: Kind;
  readonly target: Target;
  readonly query: URLSearchParams;
  readonly contentType: string;
  /** Whether gets and lists are answered as tables. */
  readonly table: boolean;
  readonly body: string;
  readonly store: Store;
  readonly now: number;
  /** What gets and lists read: the store, or an older picture of it. */
  readonly snapshot: () => Snapshot;
}

/** An answer: code and JSON, and the unknown fields that it warns of. */
export interface Reply {
  readonly code: number;
  readonly json: string;
  readonly warnings?: readonly string[];
}

const ok = (object: KubeObject, code = 200): Reply => ({ code, json: encodeObject(object) });

function parseJson({ body, kind, contentType }: ObjectRequest): unknown {
  if (contentType !== "" && !/^application\/(json|[a-z-]+\+json)\b/.test(contentType)) {
    const message =
      "the body of the request was in an unknown format - accepted media types include: application/json";
    // What `kubectl create secret` and its like send.
    const hint = contentType.includes("protobuf")
      ? " (kube-sandbox reads no protobuf: use kubectl create -f FILE)"
      : "";
    throw new ApiRefusal(415, "UnsupportedMediaType", message + hint);
  }
  try {
    // A null stands for an object without anything.
    return JSON.parse(body) ?? {};
  } catch (error) {
    const why = `couldn't get version/kind; json parse error: ${(error as Error).message}`;
    throw badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${why}`);
  }
}

function parsePatch({ body }: ObjectRequest): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw badRequest(`error decoding patch: ${(error as Error).message}`);
  }
}

/** What a patch made is no object of the kind: 422, where a whole object would be 400. */
function invalidPatch(document: unknown, error: unknown): unknown {
  if (!(error instanceof ApiRefusal) || error.code !== 400) return error;
  const why = error.message.replace(/^.* cannot be handled as a [^:]*: /, "");
  const cause = invalidValue("patch", JSON.stringify(document), why);
  const message = ` "" is invalid: patch: ${cause.message}`;
  return new ApiRefusal(422, "Invalid", message, { causes: [cause] });
}

function refuseReadOnly(kind: Kind): void {
  if (kind.readOnly !== true) return;
  throw new ApiRefusal(405, "MethodNotAllowed", `kube-sandbox serves ${kind.resource} for reading only`, {});
}

function create(request: ObjectRequest): Reply {
  const { kind, target, query, store, now } = request;
  refuseReadOnly(kind);
  if (target.name !== undefined && kind.createOnUpdate !== true) throw methodNotAllowed();
  const { dryRun, fieldValidation } = writeOptions("CreateOptions", query);
  const json = parseJson(request);
  checkTypeMeta(kind, json);
  const { object, unknown } = decode<KubeObject>(kind, json, fieldValidation);
  const made = createObject({ store, now, dryRun }, kind.resource, target.namespace, object);
  return { ...ok(made, 201), warnings: fieldValidation === "Warn" ? unknown : [] };
}

function asTable({ kind, query, now }: ObjectRequest, metadata: object, items: readonly KubeObject[]): Reply {
  const whole = query.get("includeObject") === "Object";
  return { code: 200, json: tableOf(kind, metadata, items, { now, whole }) };
}

function get(request: ObjectRequest): Reply {
  const { kind, target, snapshot, table, query, store } = request;
  const asked = parseVersion(query.get("resourceVersion")) ?? 0;
  if (asked > store.resourceVersion) throw tooLarge(asked, store.resourceVersion);
  const found = snapshot().objects.find(({ metadata }) => metadata.name === target.name);
  if (found === undefined) throw notFound(kind, target.name!);
  const { resourceVersion } = found.metadata;
  return table ? asTable(request, { resourceVersion }, [found]) : ok(found);
}

function list(request: ObjectRequest): Reply {
  const { kind, target } = request;
  const { metadata, items } = listObjects({ ...request, namespace: target.namespace });
  if (request.table) return asTable(request, metadata, items);
  return { code: 200, json: listEnvelope(kind, metadata, items.map(encodeItem)) };
}

/** In a list, objects do not repeat their kind. */
function encodeItem(object: KubeObject): string {
  const head = `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},`;
  const text = encodeObject(object);
  return text.startsWith(head) ? `{${text.slice(head.length)}` : text;
}

function change(request: ObjectRequest, replace: boolean): Reply {
  const { kind, target, query, store, contentType } = request;
  refuseReadOnly(kind);
  if (target.name === undefined) throw methodNotAllowed();
  if (
    !replace &&
    !/^application\/(json-patch|merge-patch|strategic-merge-patch|apply-patch)\+/.test(contentType)
  ) {
    throw new ApiRefusal(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
  }
  if (contentType.startsWith("application/apply-patch+")) {
    throw new ApiRefusal(415, "UnsupportedMediaType", "kube-sandbox does not know server-side apply", {});
  }
  const json = replace ? parseJson(request) : parsePatch(request);
  if (replace) checkTypeMeta(kind, json);
  const { dryRun, fieldValidation } = writeOptions(replace ? "UpdateOptions" : "PatchOptions", query);
  let warnings: readonly string[] = [];
  const next = (current: KubeObject): KubeObject => {
    const document = replace ? json : applyPatch(contentType, current, json);
    try {
      if (!replace) checkTypeMeta(kind, document);
      const { object, unknown } = decode<KubeObject>(kind, document, fieldValidation);
      if (fieldValidation === "Warn") warnings = unknown;
      return object;
    } catch (error) {
      throw replace ? error : invalidPatch(document, error);
    }
  };
  const subresource = target.subresource === "status" ? "status" : undefined;
  const { namespace, name } = target;
  const options = { store, namespace, name, subresource, dryRun, replace, next } as const;
  const isThere = store.get(kind.resource, namespace, name) !== undefined;
  if (replace && kind.createOnUpdate === true && !isThere) return create(request);
  const changed = updateObject(options, kind.resource);
  return { ...ok(changed), warnings };
}

/** A body counts, if there is one; the query does otherwise. */
function deleteOptions(request: ObjectRequest): DeleteOptions {
  const { query, body } = request;
  return body.trim() === "" ? optionsFromQuery(query) : optionsFromBody(parseJson(request));
}

function remove(request: ObjectRequest): Reply {
  const { kind, target, store, now } = request;
  refuseReadOnly(kind);
  const { namespace, name = "" } = target;
  const { object, gone } = deleteObject(
    { store, now },
    { resource: kind.resource, namespace, name },
    deleteOptions(request),
  );
  // Pods and what is not gone yet are answered as objects, the rest as a Status.
  if (!gone || kind.resource === "pods" || kind.resource === "namespaces") return ok(object);
  const status: ApiStatus = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { ...detailsOf(kind, object.metadata.name), uid: object.metadata.uid },
  };
  return { code: 200, json: JSON.stringify(status) };
}

function removeAll(request: ObjectRequest): Reply {
  const { kind, target, store, now, query } = request;
  refuseReadOnly(kind);
  const { matches } = listOptions(kind, query, "list");
  const options = deleteOptions(request);
  const found = (store.list(kind.resource, target.namespace) as KubeObject[]).filter(matches);
  for (const { metadata } of found) {
    const one: { resource: ResourceName; namespace: string | undefined; name: string } = {
      resource: kind.resource,
      namespace: metadata.namespace,
      name: metadata.name,
    };
    if (store.get(one.resource, one.namespace, one.name) !== undefined)
      deleteObject({ store, now }, one, options);
  }
  return {
    code: 200,
    json: listEnvelope(kind, { resourceVersion: String(store.resourceVersion) }, found.map(encodeItem)),
  };
}

/** 405, as the API says it. */
export function methodNotAllowed(): ApiRefusal {
  return new ApiRefusal(
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
    {},
  );
}

/** Answers a request for objects by its verb. */
export function handleObject(verb: string, request: ObjectRequest): Reply {
  switch (verb) {
    case "get":
      return get(request);
    case "list":
      return list(request);
    case "create":
      return create(request);
    case "update":
    case "patch":
      return change(request, verb === "update");
    case "delete":
      return remove(request);
    case "deletecollection":
      return removeAll(request);
    default:
      throw methodNotAllowed();
  }
}
