import type { ClusterClients } from "../cluster/clients.ts";
import type { PresentCluster } from "../cluster/cluster.ts";
import { findPlace } from "../cluster/pod-reachable-address.ts";

/** Where a folder that this machine and the nodes share lies, or why there is none. */
export type SharedFolder =
  | {
      readonly kind: "shared";
      /** The parent of the suite's folders on this machine; undefined: the system's temp folder. */
      readonly here: string | undefined;
      /** The same folder as the nodes see it; undefined: under the same path. */
      readonly onNodes: string | undefined;
    }
  | { readonly kind: "none"; readonly reason: string };

/**
 * Finds the folder through which host and pods meet.
 *
 * A cluster folder's nodes, and a node that is this machine, see every folder of it. For others
 * `PAPERCLIP_K8S_SHARED_FOLDER` says `<path here>` or `<path here>:<path on the nodes>` (an NFS mount of all, or
 * kind's `extraMounts`). With a storage class alone the host would have to run in the cluster, which is not done here.
 */
export async function findSharedFolder(
  cluster: PresentCluster,
  clients: ClusterClients,
  env: NodeJS.ProcessEnv,
): Promise<SharedFolder> {
  const given = env["PAPERCLIP_K8S_SHARED_FOLDER"];
  if (given) {
    const [here, onNodes] = given.split(":");
    return { kind: "shared", here, onNodes: onNodes || undefined };
  }
  if (cluster.folder !== undefined) return { kind: "shared", here: undefined, onNodes: undefined };
  if ((await findPlace(clients.core)).isNode) return { kind: "shared", here: undefined, onNodes: undefined };
  const reason =
    "the nodes are other machines: set PAPERCLIP_K8S_SHARED_FOLDER to a folder that this machine and every node share (<path here>:<path on the nodes>)";
  return { kind: "none", reason };
}
