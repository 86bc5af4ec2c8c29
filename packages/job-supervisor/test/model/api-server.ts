// The API server of a schedule: objects with versions, preconditions, watches and their history.
import { KubeApiError, type KubeApiErrorCode } from "../../src/index.ts";
import type { Sim } from "./sim.ts";

export type Resource = "jobs" | "pods" | "secrets" | "events";

/** As much of an object as anybody here looks at. */
export interface Thing {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation: number;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly deletionGracePeriodSeconds?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly uid: string; readonly controller?: boolean }[];
  };
  readonly spec?: { readonly suspend?: boolean };
  readonly status?: Record<string, unknown>;
}

export interface WatchEvent {
  readonly version: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: Thing;
}

export interface Change extends WatchEvent {
  readonly resource: Resource;
}

export interface ApiServer {
  readonly version: () => number;
  list(resource: Resource): readonly Thing[];
  get(resource: Resource, name: string): Thing | undefined;
  byUid(resource: Resource, uid: string): Thing | undefined;
  create(resource: Resource, body: object): Thing;
  update(resource: Resource, name: string, change: (thing: Thing) => Partial<Thing>): Thing | undefined;
  /** A JSON merge patch, as far as the supervisor uses it. */
  patch(resource: Resource, name: string, patch: Patch): Thing;
  remove(resource: Resource, name: string): void;
  /** The events after a version; throws 410 where they are compacted. */
  since(resource: Resource, version: number): readonly WatchEvent[];
  compact(): void;
  onChange(listener: (change: Change) => void): () => void;
  refuse(code: KubeApiErrorCode, status: number, message: string): KubeApiError;
}

export interface Patch {
  readonly metadata?: {
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly annotations?: Record<string, string>;
    readonly labels?: Record<string, string>;
  };
  readonly spec?: { readonly suspend?: boolean };
}

export function createApiServer(sim: Sim): ApiServer {
  const things = new Map<Resource, Map<string, Thing>>();
  const history: Change[] = [];
  const listeners = new Set<(change: Change) => void>();
  let version = 100;
  let compactedAt = 0;
  let serial = 0;
  const of = (resource: Resource) => {
    const known = things.get(resource) ?? new Map<string, Thing>();
    things.set(resource, known);
    return known;
  };
  const stamp = () => `${new Date(sim.now()).toISOString().slice(0, 19)}Z`;

  function put(resource: Resource, type: Change["type"], object: Thing): Thing {
    if (type === "DELETED") of(resource).delete(object.metadata.name);
    else of(resource).set(object.metadata.name, object);
    const change = { resource, type, object, version };
    if (resource === "jobs" || resource === "pods") history.push(change);
    for (const listener of [...listeners]) listener(change);
    return object;
  }

  function bump(thing: Thing, change: Partial<Thing>, generation: number): Thing {
    version += 1;
    const metadata = { ...thing.metadata, ...change.metadata, resourceVersion: String(version), generation };
    return { ...thing, ...change, metadata };
  }

  const api: ApiServer = {
    version: () => version,
    list: (resource) => [...of(resource).values()],
    get: (resource, name) => of(resource).get(name),
    byUid: (resource, uid) => [...of(resource).values()].find((one) => one.metadata.uid === uid),
    create: (resource, body) => {
      const given = body as Thing;
      if (of(resource).has(given.metadata.name))
        throw api.refuse("already_exists", 409, `${resource} "${given.metadata.name}" already exists`);
      version += 1;
      serial += 1;
      const own = { uid: `uid-${serial}`, resourceVersion: String(version), generation: 1 };
      const metadata = { ...given.metadata, ...own, creationTimestamp: stamp() };
      // What the pod is made of matters to nobody here, and is most of what would travel.
      const spec = resource === "jobs" ? { suspend: given.spec?.suspend === true } : given.spec;
      const made = { metadata, ...(spec ? { spec } : {}), status: given.status ?? {} } as Thing;
      return put(resource, "ADDED", made);
    },
    update: (resource, name, change) => {
      const thing = of(resource).get(name);
      if (!thing) return undefined;
      const changed = change(thing);
      const generation = thing.metadata.generation + (changed.spec ? 1 : 0);
      return put(resource, "MODIFIED", bump(thing, changed, generation));
    },
    patch: (resource, name, { metadata = {}, spec }) => {
      const thing = of(resource).get(name);
      if (!thing) throw api.refuse("not_found", 404, `${resource} "${name}" not found`);
      const { uid, resourceVersion } = metadata;
      if (uid !== undefined && uid !== thing.metadata.uid) throw api.refuse("conflict", 409, "uid differs");
      if (resourceVersion !== undefined && resourceVersion !== thing.metadata.resourceVersion)
        throw api.refuse("conflict", 409, "the object has been modified");
      const annotations = { ...thing.metadata.annotations, ...metadata.annotations };
      const changed = { metadata: { ...thing.metadata, annotations }, ...(spec ? { spec } : {}) } as Thing;
      return api.update(resource, name, () => changed) as Thing;
    },
    remove: (resource, name) => {
      const thing = of(resource).get(name);
      if (thing) put(resource, "DELETED", bump(thing, {}, thing.metadata.generation));
    },
    since: (resource, from) => {
      if (from < compactedAt) throw api.refuse("expired", 410, "too old resource version");
      return history.filter((change) => change.resource === resource && change.version > from);
    },
    compact: () => {
      compactedAt = version;
      history.length = 0;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refuse: (code, status, message) => new KubeApiError({ code, status, message }),
  };
  return api;
}
