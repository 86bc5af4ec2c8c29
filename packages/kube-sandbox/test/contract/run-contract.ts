import { describe, it } from "vitest";
import type { ContractCase, ContractCluster } from "./cluster.ts";

/** Registers cases as tests; they run side by side, for a real cluster takes its time. */
export function runContract(
  title: string,
  cases: readonly ContractCase[],
  cluster: () => ContractCluster,
): void {
  describe(title, () => {
    for (const { title: name, run } of cases) it.concurrent(name, () => run(cluster()), 120_000);
  });
}
