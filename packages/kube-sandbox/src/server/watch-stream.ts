import type { ServerResponse } from "node:http";
import type { Fault } from "../faults/fault.ts";
import { watchDelivery } from "../faults/watch-delivery.ts";
import { apiVersionOf, type Kind } from "../resources/kinds.ts";
import type { KubeObject } from "../resources/objects.ts";
import type { Selector } from "../resources/selectors.ts";
import type { StoreEvent } from "../store/history.ts";
import { ApiRefusal, expired, reasonOf } from "./api-status.ts";

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
    readonly fault: Fault | undefined;
    /** Only events after this version are told. */
    readonly after: number;
    readonly encode: (object: KubeObject) => string;
  },
): WatchStream & {
  opened(): void;
  bookmark(version: number, initial: boolean): void;
  add(object: KubeObject): void;
} {
  const { kind, matches, namespace } = options;
  let frozen = false;
  let over = false;
  const write = (line: string): void => {
    if (!frozen && !response.destroyed && !response.writableEnded) response.write(line);
  };
  // A connection that is half-open does not even end.
  const end = (): void => {
    over = true;
    if (!frozen) response.end();
  };
  const fail = (refusal: ApiRefusal): void => {
    write(`${JSON.stringify({ type: "ERROR", object: refusal.body })}\n`);
    end();
  };
  const line = (type: string, object: KubeObject): string =>
    `{"type":"${type}","object":${options.encode(object)}}\n`;
  const setFrozen = (value: boolean): void => {
    frozen = value;
    if (over) end();
  };
  const delivery = watchDelivery(options.fault, {
    write,
    cut: () => void response.write("", () => response.destroy()),
    silence: () => setFrozen(true),
    end(error) {
      if (error === undefined) return end();
      const { code, reason = reasonOf(code), message = `injected fault: ${code}` } = error;
      fail(new ApiRefusal(code, reason, message));
    },
  });
  return {
    kind,
    setFrozen,
    end,
    opened: delivery.opened,
    deliver(event) {
      if (event.version <= options.after) return;
      if (namespace !== undefined && event.object.metadata.namespace !== namespace) return;
      const seen = eventFor(event, matches);
      if (seen !== undefined) delivery.event(line(seen.type, seen.object));
    },
    add: (object) => delivery.event(line("ADDED", object)),
    bookmark(version, initial) {
      const annotations = initial ? { annotations: { "k8s.io/initial-events-end": "true" } } : {};
      const metadata = { resourceVersion: String(version), ...annotations };
      write(
        `${JSON.stringify({ type: "BOOKMARK", object: { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata } })}\n`,
      );
    },
    cut: () => void response.destroy(),
    expire: () => fail(expired("The resourceVersion for the provided watch is too old.")),
  };
}
