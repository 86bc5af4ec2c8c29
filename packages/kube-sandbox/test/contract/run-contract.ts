import { describe, it } from "vitest";
import type { ContractCase, ContractCluster } from "./cluster.ts";

/** Registers all cases as tests that run side by side, for a real cluster takes its time. */
export function runContract(
  contract: Readonly<Record<string, readonly ContractCase[]>>,
  cluster: () => ContractCluster,
): void {
  describe.concurrent("contract", () => {
    for (const [title, cases] of Object.entries(contract)) {
      describe(title, () => {
        for (const { title: name, run } of cases) it.concurrent(name, () => run(cluster()), 120_000);
      });
    }
  });
}
