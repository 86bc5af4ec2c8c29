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
  /** UIDs that were told as gone since the last list: they never come back, only a late event of theirs does. */
  const gone = new Set<string>();
  const listeners = new Set<(change: StoreChange<T>) => void>();
  const tell = (change: StoreChange<T>) => {
    for (const listener of [...listeners]) listener(change);
  };
  const uidOf = (object: T) => object.metadata?.uid ?? "";

  function set(object: T): void {
    // A repeated event changes nothing, nor does one that comes after a later one, and nobody is told of it.
    const known = byUid.get(uidOf(object));
    if (gone.has(uidOf(object)) || (known && !isNewer(object, known))) return;
    put(object);
  }

  function put(object: T): void {
    byUid.set(uidOf(object), object);
    tell({ kind: "set", object });
  }

  function drop(object: T): void {
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
    remove: (object) => {
      gone.add(uidOf(object));
      drop(object);
    },
    // A list is the truth, also where it is older than what was known: a server may have been restored.
    replace: (objects) => {
      gone.clear();
      const kept = new Set(objects.map(uidOf));
      for (const object of [...byUid.values()]) if (!kept.has(uidOf(object))) drop(object);
      for (const object of objects) {
        const version = byUid.get(uidOf(object))?.metadata?.resourceVersion;
        if (version === undefined || version !== object.metadata?.resourceVersion) put(object);
      }
    },
  };
}

function isNewer(object: KubeObject, known: KubeObject): boolean {
  const [a = "", b = ""] = [object.metadata?.resourceVersion, known.metadata?.resourceVersion];
  return a !== b && !isOlderVersion(a, b);
}

/** Versions are whole numbers on every API server there is; where one is not, nothing is said of their order. */
export function isOlderVersion(a: string, b: string): boolean {
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return false;
  return a.length === b.length ? a < b : a.length < b.length;
}
