// The verbs on objects: each takes a request that is read and allowed, and returns the answer.
import { checkTypeMeta, decode, type FieldValidation } from "../resources/decode.ts";
import type { Kind } from "../resources/kinds.ts";
import type { KubeObject, ResourceName } from "../resources/objects.ts";
import { applyPatch } from "../resources/patch/apply-patch.ts";
import { createObject } from "../store/create-object.ts";
import { type DeleteOptions, deleteObject } from "../store/delete-object.ts";
import type { Store } from "../store/store.ts";
import { updateObject } from "../store/update-object.ts";
import { ApiRefusal, type ApiStatus, badRequest, detailsOf, notFound } from "./api-status.ts";
import { listEnvelope, listObjects, type Snapshot, selectorOf } from "./list-objects.ts";
import { encodeObject } from "./respond.ts";
import type { Target } from "./route.ts";

/** A request for objects, as far as the verbs need it. */
export interface ObjectRequest {
  readonly kind: Kind;
  readonly target: Target;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: string;
  readonly store: Store;
  readonly now: number;
  /** What gets and lists read: the store, or an older picture of it. */
  readonly snapshot: () => Snapshot;
  readonly pages: Map<string, Snapshot>;
}

/** An answer: code and JSON. */
export interface Reply {
  readonly code: number;
  readonly json: string;
}

const ok = (object: KubeObject, code = 200): Reply => ({ code, json: encodeObject(object) });

function parseJson({ body, kind, contentType }: ObjectRequest): unknown {
  if (contentType !== "" && !/^application\/(json|[a-z-]+\+json)\b/.test(contentType)) {
    throw new ApiRefusal(
      415,
      "UnsupportedMediaType",
      "the body of the request was in an unknown format - accepted media types include: application/json",
    );
  }
  try {
    return JSON.parse(body);
  } catch (error) {
    const why = `couldn't get version/kind; json parse error: ${(error as Error).message}`;
    throw badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${why}`);
  }
}

function validationOf(query: URLSearchParams): FieldValidation {
  return query.get("fieldValidation") === "Strict" ? "Strict" : "Warn";
}

function isDryRun(query: URLSearchParams): boolean {
  const values = query.getAll("dryRun");
  if (values.length > 0 && !values.every((value) => value === "All")) {
    throw badRequest(`Invalid value: dryRun: Unsupported value: "${values[0]}": supported values: "All"`);
  }
  return values.length > 0;
}

function refuseReadOnly(kind: Kind): void {
  if (kind.readOnly !== true) return;
  throw new ApiRefusal(405, "MethodNotAllowed", `kube-sandbox serves ${kind.resource} for reading only`, {});
}

function create(request: ObjectRequest): Reply {
  const { kind, target, query, store, now } = request;
  refuseReadOnly(kind);
  if (target.name !== undefined) throw methodNotAllowed();
  const json = parseJson(request);
  checkTypeMeta(kind, json);
  const { object } = decode<KubeObject>(kind, json, validationOf(query));
  const dryRun = isDryRun(query);
  return ok(createObject({ store, now, dryRun }, kind.resource, target.namespace, object), 201);
}

function get({ kind, target, snapshot }: ObjectRequest): Reply {
  const found = snapshot().objects.find(({ metadata }) => metadata.name === target.name);
  if (found === undefined) throw notFound(kind, target.name!);
  return ok(found);
}

function list({ kind, query, snapshot, pages, store }: ObjectRequest): Reply {
  const { metadata, items } = listObjects(kind, query, snapshot, pages, store.history.oldest);
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
  const json = parseJson(request);
  if (replace) checkTypeMeta(kind, json);
  const next = (current: KubeObject): KubeObject => {
    const document = replace ? json : applyPatch(contentType, current, json);
    return decode<KubeObject>(kind, document, validationOf(query)).object;
  };
  const subresource = target.subresource === "status" ? "status" : undefined;
  const { namespace, name } = target;
  const options = { store, namespace, name, subresource, dryRun: isDryRun(query), replace, next } as const;
  return ok(updateObject(options, kind.resource));
}

function deleteOptions(request: ObjectRequest): DeleteOptions {
  const body = (request.body.trim() === "" ? {} : parseJson(request)) as DeleteOptions & {
    dryRun?: string[];
  };
  const { query } = request;
  const grace = query.get("gracePeriodSeconds") ?? body.gracePeriodSeconds;
  return {
    propagationPolicy:
      (query.get("propagationPolicy") as DeleteOptions["propagationPolicy"]) ?? body.propagationPolicy,
    gracePeriodSeconds: grace === undefined ? undefined : Number(grace),
    preconditions: body.preconditions,
    dryRun: isDryRun(query) || (Array.isArray(body.dryRun) && body.dryRun.includes("All")),
  };
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
  const matches = selectorOf(kind, query);
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
