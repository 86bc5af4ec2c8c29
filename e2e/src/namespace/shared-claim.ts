import type { ClusterClients } from "../cluster/clients.ts";
import { waitFor } from "../wait-for.ts";

/** A claim on a folder of the nodes. */
export interface SharedClaimOptions {
  readonly clients: ClusterClients;
  readonly namespace: string;
  /** Name of the claim; the volume is named after namespace and claim. */
  readonly claim: string;
  /** The folder as the nodes see it; it must exist. */
  readonly nodeFolder: string;
}

const SIZE = "10Gi";

/** Makes a ReadWriteMany volume on the folder and a claim that is bound to it; returns the volume's name. */
export async function createSharedClaim(options: SharedClaimOptions): Promise<string> {
  const { clients, namespace, claim, nodeFolder } = options;
  const volume = `${namespace}-${claim}`;
  const shape = { accessModes: ["ReadWriteMany"], storageClassName: "" };
  await clients.core.createPersistentVolume({
    body: {
      metadata: { name: volume, labels: { "paperclip-k8s/e2e": "true" } },
      spec: {
        ...shape,
        capacity: { storage: SIZE },
        persistentVolumeReclaimPolicy: "Retain",
        // Reserved for this one claim, else any other waiting claim of the cluster may take it.
        claimRef: { namespace, name: claim },
        hostPath: { path: nodeFolder, type: "Directory" },
      },
    },
  });
  await clients.core.createNamespacedPersistentVolumeClaim({
    namespace,
    body: {
      metadata: { name: claim },
      spec: { ...shape, volumeName: volume, resources: { requests: { storage: SIZE } } },
    },
  });
  const isBound = async () =>
    (await clients.core.readNamespacedPersistentVolumeClaim({ namespace, name: claim })).status?.phase ===
    "Bound";
  await waitFor(isBound, { what: `claim ${claim} to be bound` });
  return volume;
}
