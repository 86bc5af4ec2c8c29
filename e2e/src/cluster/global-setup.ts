import type { TestProject } from "vitest/node";
import { E2eError } from "../e2e-error.ts";
import { findSharedFolder } from "../namespace/shared-folder.ts";
import { clusterClients } from "./clients.ts";
import type { Cluster, PresentCluster } from "./cluster.ts";
import { obtainCluster, releaseCluster } from "./start-cluster.ts";

declare module "vitest" {
  interface ProvidedContext {
    cluster: Cluster;
  }
}

/** Gets the cluster once for the whole suite, and stops it at the end if it was started for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await obtainCluster({ env: process.env, cwd: process.cwd() });
  if (cluster.state === "absent") console.warn(`\n${cluster.reason}\n`);
  else await requireSharedFolder(cluster);
  project.provide("cluster", cluster);
  return () => releaseCluster(cluster);
}

/** A cluster that shares no folder with this machine answers, but no scenario can run on it: asked for and unusable. */
async function requireSharedFolder(cluster: PresentCluster): Promise<void> {
  const shared = await findSharedFolder(cluster, clusterClients(cluster.kubeconfig), process.env);
  if (shared.kind !== "none") return;
  await releaseCluster(cluster);
  throw new E2eError("cluster_unusable", shared.reason);
}
