import { kinds } from "../resources/kinds.ts";
import type { KubeObject, ResourceName } from "../resources/objects.ts";
import type { Store, StoreListener } from "../store/store.ts";

/** Where an object is. */
export interface Reference {
  readonly resource: ResourceName;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Who owns whom, kept up to date from the store, so that nobody has to search. */
export interface Owners {
  /** Whether an object with this uid is stored. */
  exists(uid: string): boolean;
  dependentsOf(uid: string): Reference[];
  find(uid: string): Reference | undefined;
  /** Called for every write of every resource, after the index is up to date. */
  onChange(listener: StoreListener): void;
}

function referenceOf(resource: ResourceName, object: KubeObject): Reference {
  return { resource, namespace: object.metadata.namespace, name: object.metadata.name };
}

/** An index over a store that is still empty. */
export function createOwners(store: Store): Owners {
  const living = new Map<string, Reference>();
  const dependents = new Map<string, Map<string, Reference>>();
  const listeners: StoreListener[] = [];

  const unlink = (object: KubeObject): void => {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const set = dependents.get(uid);
      set?.delete(object.metadata.uid);
      if (set?.size === 0) dependents.delete(uid);
    }
  };
  const link = (resource: ResourceName, object: KubeObject): void => {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const set = dependents.get(uid) ?? new Map<string, Reference>();
      dependents.set(uid, set.set(object.metadata.uid, referenceOf(resource, object)));
    }
  };

  for (const { resource } of kinds) {
    store.subscribe(resource, (event) => {
      if (event.previous !== undefined) unlink(event.previous);
      if (event.type === "DELETED") {
        living.delete(event.object.metadata.uid);
        unlink(event.object);
      } else {
        living.set(event.object.metadata.uid, referenceOf(resource, event.object));
        link(resource, event.object);
      }
      for (const listener of listeners) listener(event);
    });
  }

  return {
    exists: (uid) => living.has(uid),
    find: (uid) => living.get(uid),
    dependentsOf: (uid) => [...(dependents.get(uid)?.values() ?? [])],
    onChange: (listener) => listeners.push(listener),
  };
}
