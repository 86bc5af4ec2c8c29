import type { ServerResponse } from "node:http";
import { apiVersionOf, type Kind } from "../resources/kinds.ts";
import type { KubeObject } from "../resources/objects.ts";
import type { Selector } from "../resources/selectors.ts";
import type { StoreEvent } from "../store/history.ts";
import { expired } from "./api-status.ts";
import { encodeObject } from "./respond.ts";

/** One open watch. */
export interface WatchStream {
  readonly kind: Kind;
  deliver(event: StoreEvent): void;
  /** Cuts the connection without a word. */
  cut(): void;
  /** Sends nothing more, and keeps the connection open, until thawed. What happened meanwhile is lost. */
  setFrozen(frozen: boolean): void;
  /** Tells that its version is too old, and ends. */
  expire(): void;
  end(): void;
}

/** How events reach the client; anything but `as_is` is a fault. */
export type Delivery = "as_is" | "duplicate_events" | "reorder_events";

/** What a watch of this selector makes of a write: an object may enter and leave a selection. */
export function eventFor(
  event: StoreEvent,
  matches: Selector,
): { type: StoreEvent["type"]; object: KubeObject } | undefined {
  const before = event.previous !== undefined && matches(event.previous);
  const now = matches(event.object);
  if (event.type === "DELETED") return before || now ? { type: "DELETED", object: event.object } : undefined;
  if (now) return { type: before ? "MODIFIED" : "ADDED", object: event.object };
  if (!before) return undefined;
  const { previous } = event;
  const left = {
    ...previous!,
    metadata: { ...previous!.metadata, resourceVersion: event.object.metadata.resourceVersion },
  };
  return { type: "DELETED", object: left };
}

/** Writes events to a response, one line of JSON each. */
export function createWatchStream(
  response: ServerResponse,
  options: {
    readonly kind: Kind;
    readonly matches: Selector;
    readonly namespace: string | undefined;
    readonly delivery: Delivery;
  },
): WatchStream & { bookmark(version: number, initial: boolean): void; add(object: KubeObject): void } {
  const { kind, matches, namespace, delivery } = options;
  let frozen = false;
  let held: string | undefined;
  const write = (line: string): void => {
    if (!frozen && !response.destroyed && !response.writableEnded) response.write(line);
  };
  const send = (line: string): void => {
    if (delivery === "duplicate_events") write(line + line);
    else if (delivery === "as_is") write(line);
    else if (held === undefined) held = line;
    else {
      write(line + held);
      held = undefined;
    }
  };
  const line = (type: string, object: KubeObject): string =>
    `{"type":"${type}","object":${encodeObject(object)}}\n`;
  return {
    kind,
    deliver(event) {
      if (namespace !== undefined && event.object.metadata.namespace !== namespace) return;
      const seen = eventFor(event, matches);
      if (seen !== undefined) send(line(seen.type, seen.object));
    },
    add: (object) => write(line("ADDED", object)),
    bookmark(version, initial) {
      const annotations = initial ? { annotations: { "k8s.io/initial-events-end": "true" } } : {};
      const metadata = { resourceVersion: String(version), ...annotations };
      write(
        `${JSON.stringify({ type: "BOOKMARK", object: { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata } })}\n`,
      );
    },
    cut: () => void response.destroy(),
    setFrozen(value) {
      frozen = value;
    },
    expire() {
      const { body } = expired("The resourceVersion for the provided watch is too old.");
      write(`${JSON.stringify({ type: "ERROR", object: body })}\n`);
      response.end();
    },
    end: () => void response.end(),
  };
}
