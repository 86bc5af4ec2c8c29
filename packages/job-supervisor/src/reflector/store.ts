/** The part of every object that tells it from others. */
export interface KubeObject {
  readonly metadata?: {
    readonly name?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** A change that a listener is told of. */
export type StoreChange<T> =
  | { readonly kind: "set"; readonly object: T }
  /** The last state that was known of an object that is gone. */
  | { readonly kind: "removed"; readonly object: T };

/** The objects that the API server is known to have, by UID: a name may come back as another object. */
export interface Store<T extends KubeObject> {
  get(uid: string): T | undefined;
  values(): IterableIterator<T>;
  /** Calls `listener` after each change; returns its removal. */
  subscribe(listener: (change: StoreChange<T>) => void): () => void;
}

/** A store with its writing side. */
export interface WritableStore<T extends KubeObject> extends Store<T> {
  set(object: T): void;
  remove(object: T): void;
  /** Makes the store equal to a list: what the list does not name is gone. */
  replace(objects: readonly T[]): void;
}

/** An empty store. */
export function createStore<T extends KubeObject>(): WritableStore<T> {
  const byUid = new Map<string, T>();
  const listeners = new Set<(change: StoreChange<T>) => void>();
  const tell = (change: StoreChange<T>) => {
    for (const listener of [...listeners]) listener(change);
  };
  const uidOf = (object: T) => object.metadata?.uid ?? "";

  function set(object: T): void {
    // A repeated event changes nothing, and nobody is told of it.
    const known = byUid.get(uidOf(object));
    if (known && known.metadata?.resourceVersion === object.metadata?.resourceVersion) return;
    byUid.set(uidOf(object), object);
    tell({ kind: "set", object });
  }

  function remove(object: T): void {
    if (byUid.delete(uidOf(object))) tell({ kind: "removed", object });
  }

  return {
    get: (uid) => byUid.get(uid),
    values: () => byUid.values(),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set,
    remove,
    replace: (objects) => {
      const kept = new Set(objects.map(uidOf));
      for (const object of [...byUid.values()]) if (!kept.has(uidOf(object))) remove(object);
      for (const object of objects) set(object);
    },
  };
}
