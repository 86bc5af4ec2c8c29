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

/** Each resource keeps this many writes: thousands of pods may end within one renewal of a watch. */
const kept = 20_000;

/** A new, empty history. */
export function createHistory(): History {
  const events = new Map<ResourceName, StoreEvent[]>();
  const floors = new Map<ResourceName, number>();
  let oldest = 0;
  return {
    get oldest() {
      return oldest;
    },
    record(event) {
      const list = events.get(event.resource) ?? [];
      events.set(event.resource, list);
      list.push(event);
      if (list.length > kept * 1.25) {
        const dropped = list.splice(0, list.length - kept);
        floors.set(event.resource, dropped[dropped.length - 1]!.version);
      }
    },
    since(resource, version) {
      if (version < Math.max(oldest, floors.get(resource) ?? 0)) return "expired";
      const list = events.get(resource) ?? [];
      let index = list.length;
      while (index > 0 && list[index - 1]!.version > version) index -= 1;
      return list.slice(index);
    },
    expire(version) {
      oldest = version;
      events.clear();
    },
  };
}
