import { randomUUID } from "node:crypto";
import { timestamp } from "../clock.ts";
import {
  applyDefaults,
  inheritLabels,
  initialFinalizers,
  initialStatus,
} from "../resources/defaults/default-object.ts";
import { apiVersionOf, kindOf } from "../resources/kinds.ts";
import type { Job, KubeObject, ObjectMeta, ResourceName, Stored } from "../resources/objects.ts";
import { namespaces, podSpecOf } from "../resources/parts.ts";
import { checkQuantities, validateNew } from "../resources/validate/validate-object.ts";
import { ApiRefusal, alreadyExists, badRequest, detailsOf, notFound } from "../server/api-status.ts";
import { generatedName } from "./generated-name.ts";
import type { Store } from "./store.ts";

/** What creating needs besides the object. */
export interface CreateContext {
  readonly store: Store;
  readonly now: number;
  /** Answer as if, and store nothing. */
  readonly dryRun?: boolean;
}

/** The metadata that a client may choose; the rest is the API's. */
function newMetadata(
  given: Partial<ObjectMeta>,
  namespace: string | undefined,
  now: number,
  generation: boolean,
): ObjectMeta {
  const { name = "", generateName, labels, annotations, ownerReferences, finalizers } = given;
  return {
    name: name === "" && generateName ? generatedName(generateName) : name,
    ...(generateName ? { generateName } : {}),
    ...(namespace === undefined ? {} : { namespace }),
    uid: randomUUID(),
    resourceVersion: "",
    ...(generation ? { generation: 1 } : {}),
    creationTimestamp: timestamp(now),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
    ...(finalizers === undefined ? {} : { finalizers }),
  };
}

function checkNamespace(store: Store, namespace: string, resource: ResourceName, name: string): void {
  const found = store.get("namespaces", undefined, namespace);
  if (found === undefined) throw notFound(namespaces, namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  const kind = kindOf(resource);
  throw new ApiRefusal(
    403,
    "Forbidden",
    `${kind.resource}${kind.group === "" ? "" : `.${kind.group}`} "${name}" is forbidden: unable to create new content in ` +
      `namespace ${namespace} because it is being terminated`,
    {
      ...detailsOf(kind, name),
      causes: [
        {
          reason: "NamespaceTerminating",
          message: `namespace ${namespace} is being terminated`,
          field: "metadata.namespace",
        },
      ],
    },
  );
}

/** Defaults, validates and stores a new object. `draft` is decoded JSON and is taken over. */
export function createObject<R extends ResourceName>(
  context: CreateContext,
  resource: R,
  namespace: string | undefined,
  draft: KubeObject,
): Stored[R] {
  const kind = kindOf(resource);
  const given = (draft.metadata ?? {}) as Partial<ObjectMeta>;
  if (given.namespace && given.namespace !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  if (given.resourceVersion) {
    // The real API fails here, instead of refusing.
    const message = "resourceVersion should not be set on objects to be created";
    throw new ApiRefusal(500, "InternalError", message);
  }
  const { apiVersion: _, kind: __, metadata: ___, ...rest } = draft;
  const metadata = newMetadata(given, namespace, context.now, kind.generation);
  const finalizers = initialFinalizers(resource);
  if (finalizers !== undefined)
    metadata.finalizers = [...new Set([...(metadata.finalizers ?? []), ...finalizers])];
  const object: KubeObject = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata, ...rest };
  if (namespace !== undefined) checkNamespace(context.store, namespace, resource, metadata.name);
  checkQuantities(kind, podSpecOf(object));
  applyDefaults(resource, object, true);
  initialStatus(resource, object);
  validateNew(resource, object);
  if (resource === "jobs") inheritLabels(object as Job);
  if (context.store.get(resource, namespace, metadata.name) !== undefined)
    throw alreadyExists(kind, metadata.name);
  if (context.dryRun === true) {
    const { resourceVersion: _, ...unstored } = metadata;
    return { ...object, metadata: unstored } as unknown as Stored[R];
  }
  return context.store.insert(resource, object as Stored[R]);
}
