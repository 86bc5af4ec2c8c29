// The objects that are there from the start.
import { randomUUID } from "node:crypto";
import { timestamp } from "./clock.ts";
import type { ClaimOption, NodeOption } from "./options.ts";
import type { KubeObject, Node } from "./resources/objects.ts";
import { createObject } from "./store/create-object.ts";
import type { Store } from "./store/store.ts";

const plenty = { cpu: "64", memory: "256Gi", "ephemeral-storage": "1Ti", pods: "10000" };

/** A node that is ready. */
export function nodeObject(option: NodeOption, now: string): Node {
  const { name, labels, allocatable, unschedulable, taints } = option;
  const amounts = { ...plenty, ...allocatable };
  const ready = {
    type: "Ready",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: now,
    reason: "KubeletReady",
    message: "kube-sandbox is posting ready status",
  } as const;
  return {
    kind: "Node",
    apiVersion: "v1",
    metadata: {
      name,
      uid: randomUUID(),
      resourceVersion: "",
      creationTimestamp: now,
      labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": process.platform, ...labels },
    },
    spec: {
      ...(unschedulable === true ? { unschedulable } : {}),
      ...(taints === undefined ? {} : { taints: taints.map((taint) => ({ ...taint })) }),
    },
    status: { capacity: amounts, allocatable: amounts, conditions: [ready] },
  };
}

function seedClaim(store: Store, claim: ClaimOption, now: number): void {
  const accessModes = [...(claim.accessModes ?? ["ReadWriteMany"])];
  const draft = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: claim.name },
    spec: { accessModes, storageClassName: "", resources: { requests: { storage: "1Ti" } } },
  };
  createObject({ store, now }, "persistentvolumeclaims", claim.namespace, draft as unknown as KubeObject);
  store.change("persistentvolumeclaims", claim.namespace, claim.name, (object) => {
    object.spec.volumeName = `sandbox-${claim.namespace}-${claim.name}`;
    object.status = { phase: "Bound", accessModes, capacity: { storage: "1Ti" } };
  });
}

/** Fills a new store: namespaces, nodes, claims. */
export function seedStore(
  store: Store,
  now: number,
  options: { namespaces: readonly string[]; nodes: readonly NodeOption[]; claims: readonly ClaimOption[] },
): void {
  const names = new Set([
    "default",
    ...options.namespaces,
    ...options.claims.map((claim) => claim.namespace),
  ]);
  for (const name of names) {
    const draft = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    createObject({ store, now }, "namespaces", undefined, draft as unknown as KubeObject);
  }
  for (const node of options.nodes) store.insert("nodes", nodeObject(node, timestamp(now)));
  for (const claim of options.claims) seedClaim(store, claim, now);
}
