import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { PresentCluster } from "./cluster.ts";
import { hasPart, restartPart } from "./cluster-parts.ts";

/**
 * Gives the second of two kubelets on one machine a folder of its own for the logs of pods.
 *
 * Once a minute a kubelet clears away the logs of pods that it does not know, and where both use `/var/log/pods`
 * these are the other one's: `kubectl logs` then says "failed to try resolving symlinks".
 */
export async function separatePodLogs(cluster: PresentCluster): Promise<void> {
  const config = join(cluster.home ?? "", "node-2", "kubelet.yaml");
  if (!existsSync(config) || !hasPart(cluster, "kubelet-2")) return;
  appendFileSync(config, "podLogsDir: /var/log/pods-node-2\n");
  await restartPart(cluster, "kubelet-2", 0);
}
