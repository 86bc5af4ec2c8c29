import type { TestProject } from "vitest/node";
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
  if (cluster.state === "absent") console.warn(`\n${cluster.reason}\n`);
  project.provide("cluster", cluster);
  return () => releaseCluster(cluster);
}
