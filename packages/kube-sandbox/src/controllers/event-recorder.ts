import { randomUUID } from "node:crypto";
import { microTimestamp, timestamp } from "../clock.ts";
import type { Event, KubeObject } from "../resources/objects.ts";
import type { Store } from "../store/store.ts";
import type { Timers } from "../timers.ts";

/** Who says what about which object. */
export interface Occurrence {
  readonly about: KubeObject;
  readonly type?: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** `kubelet`, `job-controller`, `default-scheduler` … */
  readonly component: string;
  readonly fieldPath?: string;
}

/** Writes events as the cluster's parts do: repeats are counted, not repeated. */
export type EventRecorder = (occurrence: Occurrence) => void;

/** Real clusters keep events for an hour; the sandbox keeps this many. */
const kept = 5_000;

/** A recorder into the store; events of namespaces that are gone are dropped. */
export function createEventRecorder(store: Store, timers: Timers): EventRecorder {
  const known = new Map<string, string>();
  const order: { namespace: string; name: string }[] = [];
  let counter = Math.floor(timers.now() * 1000);

  const repeat = (namespace: string, name: string): boolean => {
    const changed = store.change("events", namespace, name, (draft) => {
      draft.count = (draft.count ?? 1) + 1;
      draft.lastTimestamp = timestamp(timers.now());
    });
    return changed !== undefined;
  };

  return ({ about, type = "Normal", reason, message, component, fieldPath }) => {
    const namespace = about.metadata.namespace ?? "default";
    if (store.get("namespaces", undefined, namespace) === undefined) return;
    const key = JSON.stringify([about.metadata.uid, type, reason, message, component, fieldPath]);
    const before = known.get(key);
    const scheduling = component === "default-scheduler";
    if (before !== undefined && !scheduling && repeat(namespace, before)) return;
    counter += 1;
    const name = `${about.metadata.name}.${counter.toString(16)}`;
    known.set(key, name);
    const now = timers.now();
    const event: Event = {
      kind: "Event",
      apiVersion: "v1",
      metadata: {
        name,
        namespace,
        uid: randomUUID(),
        resourceVersion: "",
        creationTimestamp: timestamp(now),
      },
      involvedObject: {
        kind: about.kind,
        namespace,
        name: about.metadata.name,
        uid: about.metadata.uid,
        ...{ apiVersion: about.apiVersion, resourceVersion: about.metadata.resourceVersion },
        ...(fieldPath === undefined ? {} : { fieldPath }),
      },
      reason,
      message,
      source: scheduling ? {} : { component },
      firstTimestamp: scheduling ? null : timestamp(now),
      lastTimestamp: scheduling ? null : timestamp(now),
      ...(scheduling ? {} : { count: 1 }),
      type,
      eventTime: scheduling ? microTimestamp(now) : null,
      ...(scheduling ? { action: reason === "Scheduled" ? "Binding" : "Scheduling" } : {}),
      reportingComponent: component,
      reportingInstance: scheduling ? "default-scheduler-sandbox" : "",
    };
    store.insert("events", event);
    order.push({ namespace, name });
    if (order.length > kept) forget();
  };

  function forget(): void {
    for (const { namespace, name } of order.splice(0, kept / 10)) store.remove("events", namespace, name);
    if (known.size > kept * 2) known.clear();
  }
}
