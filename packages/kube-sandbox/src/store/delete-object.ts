import { timestamp } from "../clock.ts";
import { kindOf } from "../resources/kinds.ts";
import type { KubeObject, Pod, ResourceName, Stored } from "../resources/objects.ts";
import { isTerminal } from "../resources/parts.ts";
import { notFound, preconditionFailed } from "../server/api-status.ts";
import type { Store } from "./store.ts";

/** What happens to the objects that the deleted one owns. */
export type Propagation = "Foreground" | "Background" | "Orphan";

/** The body and the query of a DELETE, merged. */
export interface DeleteOptions {
  readonly propagationPolicy?: Propagation | undefined;
  /** Seconds; only pods have a grace. */
  readonly gracePeriodSeconds?: number | undefined;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string } | undefined;
  readonly dryRun?: boolean | undefined;
}

/** The object as it was left, and whether it is gone already. */
export interface Deleted<T> {
  readonly object: T;
  readonly gone: boolean;
}

const propagationFinalizers: Record<Propagation, string | undefined> = {
  Foreground: "foregroundDeletion",
  Orphan: "orphan",
  Background: undefined,
};

/** The grace of a deletion: none for what is no pod, is not placed yet, or has ended. */
function graceOf(resource: ResourceName, object: KubeObject, asked: number | undefined): number {
  if (resource !== "pods") return 0;
  const pod = object as Pod;
  if (pod.spec.nodeName === undefined || isTerminal(pod)) return 0;
  const grace = asked ?? pod.spec.terminationGracePeriodSeconds ?? 30;
  return grace < 0 ? 1 : grace;
}

function checkPreconditions(resource: ResourceName, object: KubeObject, options: DeleteOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const { metadata } = object;
  if (uid !== undefined && uid !== metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`;
    throw preconditionFailed(kindOf(resource), metadata.name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`;
    throw preconditionFailed(kindOf(resource), metadata.name, why);
  }
}

function propagationOf(resource: ResourceName, given: Propagation | undefined): Propagation {
  // The batch API keeps what it always did: a Job deleted without a policy orphans its pods.
  return given ?? (resource === "jobs" ? "Orphan" : "Background");
}

/** Marks an object as deleted, as far as that is needed, in place. */
function mark(draft: KubeObject, finalizer: string | undefined, grace: number, now: number): void {
  const { metadata } = draft;
  const kept = (metadata.finalizers ?? []).filter(
    (name) => name !== "foregroundDeletion" && name !== "orphan",
  );
  const finalizers = finalizer === undefined ? kept : [...kept, finalizer];
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  else delete metadata.finalizers;
  if (metadata.deletionTimestamp === undefined) {
    if (metadata.generation !== undefined) metadata.generation += 1;
  } else if (grace >= (metadata.deletionGracePeriodSeconds ?? 0)) return;
  if (draft.kind === "Namespace") draft.status = { ...(draft.status as object), phase: "Terminating" };
  metadata.deletionTimestamp = timestamp(now + grace * 1000);
  metadata.deletionGracePeriodSeconds = grace;
}

/** Deletes as the API does: at once, or after finalizers and grace. Throws 404 and 409. */
export function deleteObject<R extends ResourceName>(
  context: { readonly store: Store; readonly now: number },
  target: { readonly resource: R; readonly namespace: string | undefined; readonly name: string },
  options: DeleteOptions,
): Deleted<Stored[R]> {
  const { store, now } = context;
  const { resource, namespace, name } = target;
  const current = store.get(resource, namespace, name);
  if (current === undefined) throw notFound(kindOf(resource), name);
  checkPreconditions(resource, current, options);
  const finalizer = propagationFinalizers[propagationOf(resource, options.propagationPolicy)];
  const grace = graceOf(resource, current, options.gracePeriodSeconds);
  const others = (current.metadata.finalizers ?? []).some(
    (one) => one !== "foregroundDeletion" && one !== "orphan",
  );
  if (options.dryRun === true) {
    const object = structuredClone(current);
    const gone = grace === 0 && finalizer === undefined && !others && resource !== "namespaces";
    if (!gone || resource === "pods") mark(object, finalizer, grace, now);
    return { object, gone };
  }
  if (grace === 0 && finalizer === undefined && !others && resource !== "pods" && resource !== "namespaces") {
    store.remove(resource, namespace, name);
    return { object: current, gone: true };
  }
  if (resource === "pods" && grace === 0 && finalizer === undefined && !others) {
    // A pod is seen once more with its deletion time, then it is gone.
    const object = store.change(resource, namespace, name, (draft) => mark(draft, undefined, 0, now), {
      keep: true,
    })!;
    store.remove(resource, namespace, name);
    return { object, gone: true };
  }
  const object = store.change(resource, namespace, name, (draft) => mark(draft, finalizer, grace, now))!;
  return { object, gone: false };
}
