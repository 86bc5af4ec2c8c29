import type { ServerResponse } from "node:http";
import type { Fault } from "../faults/fault.ts";
import type { Kind } from "../resources/kinds.ts";
import type { KubeObject, ResourceName } from "../resources/objects.ts";
import type { Store } from "../store/store.ts";
import type { Timers } from "../timers.ts";
import { expired } from "./api-status.ts";
import { listOptions } from "./list-options.ts";
import { encodeObject } from "./respond.ts";
import { tableOf } from "./table/table.ts";
import { createWatchStream, type WatchStream } from "./watch-stream.ts";

/** All open watches. */
export interface Watches {
  open(request: WatchRequest): void;
  each(act: (stream: WatchStream) => void): void;
  readonly size: number;
}

export interface WatchRequest {
  readonly response: ServerResponse;
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly query: URLSearchParams;
  /** What struck it, if anything did. */
  readonly fault: Fault | undefined;
  /** Whether each event has its object as a table of one row. */
  readonly table: boolean;
}

function rowOf(object: KubeObject, kind: Kind, query: URLSearchParams, now: number): string {
  const { resourceVersion } = object.metadata;
  const whole = query.get("includeObject") === "Object";
  return tableOf(kind, { resourceVersion }, [object], { now, whole });
}

/** Without `timeoutSeconds` the API ends a watch after 30 to 60 minutes. */
const longestMs = 3_600_000;

/** Watches over a store. A bookmark comes every `bookmarkMs`, and just before a watch times out. */
export function createWatches(store: Store, timers: Timers, bookmarkMs: number): Watches {
  const streams = new Map<ResourceName, Set<WatchStream>>();

  const streamsOf = (resource: ResourceName): Set<WatchStream> => {
    let set = streams.get(resource);
    if (set === undefined) {
      const fresh = new Set<WatchStream>();
      set = fresh;
      streams.set(resource, fresh);
      store.subscribe(resource, (event) => {
        for (const stream of fresh) stream.deliver(event);
      });
    }
    return set;
  };

  return {
    get size() {
      return [...streams.values()].reduce((sum, set) => sum + set.size, 0);
    },
    each(act) {
      for (const set of streams.values()) for (const stream of [...set]) act(stream);
    },
    open({ response, kind, namespace, query, fault, table }) {
      const options = listOptions(kind, query, "watch");
      const { version: from, bookmarks, matches, timeoutMs, sendInitialEvents } = options;
      const initial = sendInitialEvents ?? (from === undefined || from === 0);
      const past =
        initial || from === undefined || from === 0 ? [] : store.history.since(kind.resource, from);
      const stream = createWatchStream(response, {
        ...{ kind, matches, namespace, fault },
        // A version that is still to come is waited for.
        after: initial ? 0 : (from ?? 0),
        encode: table ? (object) => rowOf(object, kind, query, timers.now()) : encodeObject,
      });
      response.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache, private" });
      response.flushHeaders();
      if (past === "expired") {
        const { body } = expired(`too old resource version: ${from} (${store.history.oldest})`);
        response.end(`${JSON.stringify({ type: "ERROR", object: body })}\n`);
        return;
      }
      stream.opened();
      for (const event of past) stream.deliver(event);
      if (initial)
        for (const object of store.list(kind.resource, namespace).filter(matches)) stream.add(object);
      if (sendInitialEvents === true && bookmarks) stream.bookmark(store.resourceVersion, true);
      const set = streamsOf(kind.resource);
      set.add(stream);
      const stops: (() => void)[] = [];
      const tick = (): void => {
        stream.bookmark(store.resourceVersion, false);
        stops[0] = timers.after(bookmarkMs, tick);
      };
      stops.push(bookmarks ? timers.after(bookmarkMs, tick) : () => {});
      stops.push(
        timers.after(timeoutMs > 0 ? timeoutMs : longestMs, () => {
          if (bookmarks) stream.bookmark(store.resourceVersion, false);
          stream.end();
        }),
      );
      response.once("close", () => {
        set.delete(stream);
        for (const stop of stops) stop();
      });
    },
  };
}
