// Ends what an ended owner leaves behind, by uid: in the background, in the foreground, or orphaned.
import type { KubeObject } from "../resources/objects.ts";
import { deleteObject, type Propagation } from "../store/delete-object.ts";
import type { ControllerContext } from "./context.ts";
import type { Owners, Reference } from "./owners.ts";
import { createWorkQueue } from "./work-queue.ts";

type Policy = "foregroundDeletion" | "orphan";

function hasFinalizer(object: KubeObject, policy: Policy): boolean {
  return object.metadata.finalizers?.includes(policy) === true;
}

/** Starts collecting. */
export function startGarbageCollector(context: ControllerContext, owners: Owners): void {
  const { store, timers, delays } = context;
  const read = ({ resource, namespace, name }: Reference): KubeObject | undefined =>
    store.get(resource, namespace, name);

  const remove = (reference: Reference, propagationPolicy?: "Foreground" | "Background"): void => {
    const object = read(reference);
    if (object === undefined) return;
    if (object.metadata.deletionTimestamp !== undefined && propagationPolicy !== "Foreground") return;
    const policy: Propagation =
      propagationPolicy ?? (hasFinalizer(object, "orphan") ? "Orphan" : "Background");
    const options = { propagationPolicy: policy, preconditions: { uid: object.metadata.uid } };
    deleteObject({ store, now: timers.now() }, reference, options);
  };

  const dropFinalizer = (reference: Reference, policy: Policy): void => {
    store.change(reference.resource, reference.namespace, reference.name, ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter((name) => name !== policy);
      if (metadata.finalizers.length === 0) delete metadata.finalizers;
    });
  };

  const dropOwners = (dependent: Reference, isGone: (uid: string) => boolean): void => {
    store.change(dependent.resource, dependent.namespace, dependent.name, ({ metadata }) => {
      metadata.ownerReferences = (metadata.ownerReferences ?? []).filter((one) => !isGone(one.uid));
      if (metadata.ownerReferences.length === 0) delete metadata.ownerReferences;
    });
  };

  const orphan = (uid: string, owner: Reference): void => {
    for (const dependent of owners.dependentsOf(uid)) dropOwners(dependent, (one) => one === uid);
    dropFinalizer(owner, "orphan");
  };

  const foreground = (uid: string, owner: Reference): void => {
    const dependents = owners.dependentsOf(uid);
    const blocking = dependents.filter((reference) => {
      const references = read(reference)?.metadata.ownerReferences ?? [];
      return references.some((one) => one.uid === uid && one.blockOwnerDeletion === true);
    });
    for (const dependent of dependents) {
      if (read(dependent)?.metadata.deletionTimestamp === undefined) remove(dependent);
    }
    if (blocking.every((reference) => read(reference) === undefined))
      dropFinalizer(owner, "foregroundDeletion");
  };

  /** An object whose owners are all gone, or that waits for its own dependents. */
  const collect = (uid: string): void => {
    const reference = owners.find(uid);
    const object = reference && read(reference);
    if (reference === undefined || object === undefined) return;
    if (object.metadata.deletionTimestamp !== undefined) {
      if (hasFinalizer(object, "orphan")) orphan(uid, reference);
      else if (hasFinalizer(object, "foregroundDeletion")) foreground(uid, reference);
      return;
    }
    const references = object.metadata.ownerReferences ?? [];
    const gone = references.filter((owner) => !owners.exists(owner.uid));
    if (gone.length === 0) return;
    if (gone.length === references.length) remove(reference);
    else dropOwners(reference, (one) => !owners.exists(one));
  };

  const queue = createWorkQueue(timers, collect);
  owners.onChange(({ type, object }) => {
    const { metadata } = object;
    if (type === "DELETED") {
      for (const dependent of owners.dependentsOf(metadata.uid)) {
        const { uid } = read(dependent)?.metadata ?? {};
        if (uid !== undefined) queue.add(uid, delays.collectMs);
      }
      for (const owner of metadata.ownerReferences ?? []) queue.add(owner.uid, delays.collectMs);
    } else if (metadata.deletionTimestamp !== undefined || type === "ADDED") {
      if (metadata.ownerReferences !== undefined || metadata.finalizers !== undefined) {
        queue.add(metadata.uid, delays.collectMs);
      }
    }
  });
}
