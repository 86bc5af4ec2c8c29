import { applyDefaults } from "../resources/defaults/default-object.ts";
import { kindOf } from "../resources/kinds.ts";
import type { KubeObject, ResourceName, Stored } from "../resources/objects.ts";
import { podSpecOf } from "../resources/parts.ts";
import { checkQuantities, validateChanged } from "../resources/validate/validate-object.ts";
import { badRequest, conflict, modified, notFound } from "../server/api-status.ts";
import type { Store } from "./store.ts";

/** An update: what to make of the stored object, and which part of it may change. */
export interface UpdateRequest {
  readonly store: Store;
  readonly namespace: string | undefined;
  readonly name: string;
  /** `status`: only the status changes; otherwise everything but the status. */
  readonly subresource?: "status" | undefined;
  readonly dryRun?: boolean;
  /** PUT refuses a foreign uid as a conflict, PATCH as an invalid field. */
  readonly replace?: boolean;
  /** Makes the new object, decoded; throws what the client did wrong. */
  next(current: KubeObject): KubeObject;
}

function checkVersion(resource: ResourceName, current: KubeObject, next: KubeObject, replace: boolean): void {
  const kind = kindOf(resource);
  const { name } = current.metadata;
  const given = next.metadata ?? {};
  if (!given.name) {
    const why = `the name of the object (${name} based on URL) was undeterminable: name must be provided`;
    throw badRequest(why);
  }
  if (given.namespace && given.namespace !== current.metadata.namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  if (given.name !== name) {
    throw badRequest(`the name of the object (${given.name}) does not match the name on the URL (${name})`);
  }
  if (replace && given.uid && given.uid !== current.metadata.uid) {
    throw conflict(
      kind,
      name,
      `StorageError: invalid object, Code: 4, Key: /registry/${kind.resource}/${current.metadata.namespace}/${name}, ` +
        `ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${given.uid}, ` +
        `UID in object meta: ${current.metadata.uid}`,
    );
  }
  const version = given.resourceVersion;
  if (version !== undefined && version !== "" && version !== current.metadata.resourceVersion)
    throw modified(kind, name);
}

/** The new object with everything that a client cannot set put back as it was. */
function keepServerFields(
  current: KubeObject,
  next: KubeObject,
  status: boolean,
  hasStatus: boolean,
): KubeObject {
  if (status) return { ...structuredClone(current), status: next.status };
  const { metadata } = current;
  const { name: _, ...given } = next.metadata ?? {};
  const kept: KubeObject = {
    ...next,
    kind: current.kind,
    apiVersion: current.apiVersion,
    metadata: {
      ...given,
      name: metadata.name,
      uid: given.uid || metadata.uid,
      resourceVersion: metadata.resourceVersion,
      creationTimestamp: metadata.creationTimestamp,
    },
  };
  for (const field of [
    "namespace",
    "generateName",
    "generation",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
  ] as const) {
    if (metadata[field] === undefined) delete kept.metadata[field];
    else Object.assign(kept.metadata, { [field]: metadata[field] });
  }
  if (kept.metadata.finalizers?.length === 0) delete kept.metadata.finalizers;
  if (kept.metadata.ownerReferences?.length === 0) delete kept.metadata.ownerReferences;
  if (hasStatus) kept.status = current.status;
  return kept;
}

/** Changes an object as PUT and PATCH do; the answer is what is stored then. */
export function updateObject<R extends ResourceName>(request: UpdateRequest, resource: R): Stored[R] {
  const { store, namespace, name } = request;
  const kind = kindOf(resource);
  const current = store.get(resource, namespace, name);
  if (current === undefined) throw notFound(kind, name);
  const next = request.next(structuredClone(current));
  checkVersion(resource, current, next, request.replace === true);
  const status = request.subresource === "status";
  const kept = keepServerFields(current, next, status, kind.status);
  checkQuantities(kind, podSpecOf(kept));
  if (!status) {
    applyDefaults(resource, kept, false);
    validateChanged(resource, current, kept);
  }
  if (request.dryRun === true) return kept as Stored[R];
  return store.change(resource, namespace, name, (draft) => {
    for (const key of Object.keys(draft)) if (!(key in kept)) delete draft[key as keyof typeof draft];
    Object.assign(draft, kept);
  })!;
}
