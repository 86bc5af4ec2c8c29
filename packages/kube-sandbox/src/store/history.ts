import type { KubeObject, ResourceName } from "../resources/objects.ts";

/** One write, as watches tell it. */
export interface StoreEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: ResourceName;
  readonly version: number;
  readonly object: KubeObject;
  /** What it was before; a watch with a selector needs it to see objects leave. */
  readonly previous?: KubeObject | undefined;
}

/** The last writes of each resource, from which a watch starts. */
export interface History {
  record(event: StoreEvent): void;
  /** What was written after `version`, or `expired` if that is no longer kept. */
  since(resource: ResourceName, version: number): readonly StoreEvent[] | "expired";
  /** Forgets all, as compaction does: every version before `version` is gone. */
  expire(version: number): void;
  /** The oldest version from which a watch may start. */
  readonly oldest: number;
}

/** Each resource keeps this many writes at least … */
const keptAtLeast = 2_000;

/** … and those of this time, as the watch cache of the real API does. */
const freshMs = 75_000;

/** Forgetting moves a list, so it waits until there is this much to forget. */
const batch = 500;

/** A new, empty history. */
export function createHistory(now: () => number): History {
  const events = new Map<ResourceName, { readonly at: number; readonly event: StoreEvent }[]>();
  const floors = new Map<ResourceName, number>();
  let oldest = 0;
  return {
    get oldest() {
      return oldest;
    },
    record(event) {
      const list = events.get(event.resource) ?? [];
      events.set(event.resource, list);
      const at = now();
      list.push({ at, event });
      const end = list.length - keptAtLeast - batch;
      if (end > 0 && list[end + batch - 1]!.at <= at - freshMs) {
        const dropped = list.splice(0, end + batch);
        floors.set(event.resource, dropped[dropped.length - 1]!.event.version);
      }
    },
    since(resource, version) {
      if (version < Math.max(oldest, floors.get(resource) ?? 0)) return "expired";
      const list = events.get(resource) ?? [];
      let index = list.length;
      while (index > 0 && list[index - 1]!.event.version > version) index -= 1;
      return list.slice(index).map(({ event }) => event);
    },
    expire(version) {
      oldest = version;
      events.clear();
    },
  };
}
