import type { PersistentVolumeClaim } from "../resources/objects.ts";
import { isTerminal } from "../resources/parts.ts";
import type { ControllerContext } from "./context.ts";
import type { Owners } from "./owners.ts";
import { createWorkQueue } from "./work-queue.ts";

const protection = "kubernetes.io/pvc-protection";

/** Binds claims to folders, and keeps deleted ones until no pod uses them. */
export function startClaimController(
  context: ControllerContext,
  owners: Owners,
  /** Makes the claim's folder, if the claim is to have one. */
  provision: (claim: PersistentVolumeClaim) => boolean,
): void {
  const { store, timers, delays } = context;

  const isUsed = (namespace: string, name: string): boolean =>
    store.list("pods", namespace).some((pod) => {
      const claims = (pod.spec.volumes ?? []).map((volume) => volume.persistentVolumeClaim?.claimName);
      return !isTerminal(pod) && claims.includes(name);
    });

  const sync = (key: string): void => {
    const [namespace, name] = key.split("/") as [string, string];
    const claim = store.get("persistentvolumeclaims", namespace, name);
    if (claim === undefined) return;
    if (claim.metadata.deletionTimestamp !== undefined) {
      if (isUsed(namespace, name)) return;
      store.change("persistentvolumeclaims", namespace, name, ({ metadata }) => {
        metadata.finalizers = (metadata.finalizers ?? []).filter((one) => one !== protection);
        if (metadata.finalizers.length === 0) delete metadata.finalizers;
      });
    } else if (claim.status.phase === "Pending" && provision(claim)) {
      store.change("persistentvolumeclaims", namespace, name, (draft) => {
        draft.spec.volumeName ??= `pvc-${claim.metadata.uid}`;
        draft.status = {
          phase: "Bound",
          accessModes: claim.spec.accessModes ?? [],
          capacity: { storage: claim.spec.resources?.requests?.["storage"] ?? "1Gi" },
        };
      });
    }
  };

  const queue = createWorkQueue(timers, sync);
  owners.onChange(({ resource, object, type }) => {
    const { namespace, name } = object.metadata;
    if (resource === "persistentvolumeclaims") queue.add(`${namespace}/${name}`, 0);
    if (resource !== "pods" || type === "ADDED") return;
    const volumes = (object as { spec?: { volumes?: { persistentVolumeClaim?: { claimName?: string } }[] } })
      .spec?.volumes;
    for (const { persistentVolumeClaim } of volumes ?? []) {
      if (persistentVolumeClaim === undefined) continue;
      queue.add(`${namespace}/${persistentVolumeClaim.claimName}`, delays.collectMs);
    }
  });
}
