import type { TestProject } from "vitest/node";
import { findSharedFolder } from "../namespace/shared-folder.ts";
import { clusterClients } from "./clients.ts";
import type { Cluster } from "./cluster.ts";
import { obtainCluster, releaseCluster } from "./start-cluster.ts";

declare module "vitest" {
  interface ProvidedContext {
    cluster: Cluster;
  }
}

/** Gets the cluster once for the whole suite, and stops it at the end if it was started for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await obtainCluster({ env: process.env, cwd: process.cwd() });
  const usable = await withSharedFolder(cluster);
  if (usable.state === "absent") console.warn(`\n${usable.reason}\n`);
  project.provide("cluster", usable);
  return () => releaseCluster(cluster);
}

/** A cluster that shares no folder with this machine answers, but no scenario can run on it. */
async function withSharedFolder(cluster: Cluster): Promise<Cluster> {
  if (cluster.state === "absent") return cluster;
  const shared = await findSharedFolder(cluster, clusterClients(cluster.kubeconfig), process.env);
  return shared.kind === "none"
    ? { state: "absent", reason: `${shared.reason}; cluster tests are skipped` }
    : cluster;
}
