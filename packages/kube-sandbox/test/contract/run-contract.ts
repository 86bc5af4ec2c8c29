import { describe, it } from "vitest";
import type { ContractCase, ContractCluster } from "./cluster.ts";

/**
 * Registers all cases as tests that run side by side, for a real cluster takes its time.
 *
 * @param cluster asked for each try of a case: its objects have fixed names, which a second try must not find
 */
export function runContract(
  contract: Readonly<Record<string, readonly ContractCase[]>>,
  cluster: (title: string) => ContractCluster | Promise<ContractCluster>,
): void {
  describe.concurrent("contract", () => {
    for (const [title, cases] of Object.entries(contract)) {
      describe(title, () => {
        for (const { title: name, run } of cases)
          it.concurrent(name, async () => run(await cluster(name)), 120_000);
      });
    }
  });
}
