import { describe, inject } from "vitest";
import type { PresentCluster } from "./cluster.ts";
// Only for the type of what `inject` gives.
import type {} from "./global-setup.ts";

/** A `describe` whose tests need a cluster: skipped, with the reason in its title, where there is none. */
export function describeCluster(title: string, define: (cluster: PresentCluster) => void): void {
  const cluster = inject("cluster");
  if (cluster.state === "absent") {
    describe.skip(`${title} (no cluster)`, () => define(NOWHERE));
    return;
  }
  describe(title, () => define(cluster));
}

/** Stands in while skipped tests are only listed: `define` may read it, nothing uses it. */
const NOWHERE: PresentCluster = {
  state: "present",
  kubeconfig: "",
  folder: undefined,
  home: undefined,
  startedHere: false,
};
