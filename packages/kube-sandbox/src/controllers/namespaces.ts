import { randomUUID } from "node:crypto";
import { timestamp } from "../clock.ts";
import { kinds } from "../resources/kinds.ts";
import { deleteObject } from "../store/delete-object.ts";
import type { ControllerContext } from "./context.ts";
import type { Owners } from "./owners.ts";
import { createWorkQueue } from "./work-queue.ts";

/** Gives every namespace its service account, and empties the ones that are deleted. */
export function startNamespaceController(context: ControllerContext, owners: Owners): void {
  const { store, timers, delays } = context;
  const contentsOf = (name: string) =>
    kinds
      .filter((kind) => kind.namespaced)
      .flatMap((kind) => store.list(kind.resource, name).map((object) => ({ kind, object })));

  const sync = (name: string): void => {
    const namespace = store.get("namespaces", undefined, name);
    if (namespace === undefined) return;
    if (namespace.metadata.deletionTimestamp === undefined) {
      if (store.get("serviceaccounts", name, "default") !== undefined) return;
      store.insert("serviceaccounts", {
        kind: "ServiceAccount",
        apiVersion: "v1",
        metadata: {
          name: "default",
          namespace: name,
          uid: randomUUID(),
          resourceVersion: "",
          creationTimestamp: timestamp(timers.now()),
        },
      });
      return;
    }
    for (const { kind, object } of contentsOf(name)) {
      if (object.metadata.deletionTimestamp !== undefined) continue;
      const target = { resource: kind.resource, namespace: name, name: object.metadata.name };
      deleteObject({ store, now: timers.now() }, target, { propagationPolicy: "Background" });
    }
    if (contentsOf(name).length === 0) store.remove("namespaces", undefined, name);
    else {
      store.change("namespaces", undefined, name, (draft) => {
        draft.status = { phase: "Terminating" };
      });
    }
  };

  const queue = createWorkQueue(timers, sync);
  const terminating = new Set<string>();
  owners.onChange(({ resource, object, type }) => {
    if (resource === "namespaces") {
      if (type === "DELETED") terminating.delete(object.metadata.name);
      else if (object.metadata.deletionTimestamp !== undefined) terminating.add(object.metadata.name);
      queue.add(object.metadata.name, type === "ADDED" ? 0 : delays.collectMs);
    } else if (object.metadata.namespace !== undefined && terminating.has(object.metadata.namespace)) {
      queue.add(object.metadata.namespace, delays.collectMs);
    }
  });
}
