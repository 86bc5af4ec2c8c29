import { kindOf } from "../resources/kinds.ts";
import type { KubeObject, ResourceName, Stored } from "../resources/objects.ts";
import { createHistory, type History, type StoreEvent } from "./history.ts";

/** Called right after each write, synchronously: note it and act later, never write from here. */
export type StoreListener = (event: StoreEvent) => void;

/** All objects, one counter of versions over them, and what changed. Objects in it are never mutated. */
export interface Store {
  /** The version of the last write. */
  readonly resourceVersion: number;
  get<R extends ResourceName>(
    resource: R,
    namespace: string | undefined,
    name: string,
  ): Stored[R] | undefined;
  /** All of a resource, of one namespace if given, in no particular order. */
  list<R extends ResourceName>(resource: R, namespace?: string): Stored[R][];
  /** All of a resource as it was at a version, or `expired` if that is no longer known. */
  at(resource: ResourceName, version: number, namespace?: string): readonly KubeObject[] | "expired";
  /** Adds an object that is not there yet. */
  insert<R extends ResourceName>(resource: R, object: Stored[R]): Stored[R];
  /**
   * Edits a copy and stores it, if that changed anything; the last finalizer of a deleted object
   * removes it instead. Returns what is stored then (or was removed), undefined if it was not there.
   */
  change<R extends ResourceName>(
    resource: R,
    namespace: string | undefined,
    name: string,
    edit: (draft: Stored[R]) => void,
    /** `keep`: leave it stored even if nothing keeps it any more; the caller removes it. */
    options?: { readonly keep?: boolean },
  ): Stored[R] | undefined;
  remove(resource: ResourceName, namespace: string | undefined, name: string): void;
  subscribe(resource: ResourceName, listener: StoreListener): () => void;
  readonly history: History;
}

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ""}/${name}`;

/** A new, empty store. The first version is 1, as in the API a version of 0 has a meaning of its own. */
export function createStore(now: () => number): Store {
  const objects = new Map<ResourceName, Map<string, KubeObject>>();
  const listeners = new Map<ResourceName, Set<StoreListener>>();
  const history = createHistory(now);
  let version = 1;

  const table = (resource: ResourceName): Map<string, KubeObject> => {
    const found = objects.get(resource) ?? new Map<string, KubeObject>();
    objects.set(resource, found);
    return found;
  };

  const commit = (
    type: StoreEvent["type"],
    resource: ResourceName,
    object: KubeObject,
    previous?: KubeObject,
  ): void => {
    version += 1;
    object.metadata.resourceVersion = String(version);
    const key = keyOf(object.metadata.namespace, object.metadata.name);
    if (type === "DELETED") table(resource).delete(key);
    else table(resource).set(key, object);
    const event: StoreEvent = { type, resource, version, object, previous };
    history.record(event);
    for (const listener of [...(listeners.get(resource) ?? [])]) listener(event);
  };

  return {
    get resourceVersion() {
      return version;
    },
    history,
    get<R extends ResourceName>(resource: R, namespace: string | undefined, name: string) {
      return table(resource).get(keyOf(namespace, name)) as Stored[R] | undefined;
    },
    list<R extends ResourceName>(resource: R, namespace?: string) {
      const all = [...table(resource).values()] as Stored[R][];
      return namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
    },
    at(resource, version, namespace) {
      const later = history.since(resource, version);
      if (later === "expired") return "expired";
      const then = new Map(table(resource));
      for (const { object, previous } of [...later].reverse()) {
        const key = keyOf(object.metadata.namespace, object.metadata.name);
        if (previous === undefined) then.delete(key);
        else then.set(key, previous);
      }
      const all = [...then.values()];
      return namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
    },
    insert(resource, object) {
      commit("ADDED", resource, object);
      return object;
    },
    change(resource, namespace, name, edit, options) {
      const previous = table(resource).get(keyOf(namespace, name));
      if (previous === undefined) return undefined;
      const draft = structuredClone(previous) as Stored[typeof resource];
      edit(draft);
      if (JSON.stringify(draft) === JSON.stringify(previous)) return previous as typeof draft;
      if (kindOf(resource).generation && JSON.stringify(draft.spec) !== JSON.stringify(previous.spec)) {
        // The scheduler's binding is a subresource: it does not count as a change of the spec.
        const bound =
          resource === "pods" &&
          JSON.stringify({ ...(draft.spec as object), nodeName: 0 }) ===
            JSON.stringify({ ...(previous.spec as object), nodeName: 0 });
        if (!bound) draft.metadata.generation = (previous.metadata.generation ?? 1) + 1;
      }
      commit(isGone(draft) && options?.keep !== true ? "DELETED" : "MODIFIED", resource, draft, previous);
      return draft;
    },
    remove(resource, namespace, name) {
      const previous = table(resource).get(keyOf(namespace, name));
      if (previous !== undefined) commit("DELETED", resource, structuredClone(previous), previous);
    },
    subscribe(resource, listener) {
      const set = listeners.get(resource) ?? new Set();
      listeners.set(resource, set.add(listener));
      return () => set.delete(listener);
    },
  };
}

/** Deleted, no grace left, no finalizer left: nothing keeps it. */
function isGone({ kind, metadata }: KubeObject): boolean {
  // A namespace has a finalizer in its spec: its controller removes it, when it is empty.
  if (kind === "Namespace") return false;
  const finalizers = metadata.finalizers?.length ?? 0;
  return (
    metadata.deletionTimestamp !== undefined &&
    finalizers === 0 &&
    (metadata.deletionGracePeriodSeconds ?? 0) === 0
  );
}
