import { mergeConfig } from "vitest/config";
import shared from "../vitest.shared.ts";

/** One worker and one test at a time: they share a cluster, and most of them count what it is asked. */
export default mergeConfig(shared, {
  test: {
    globalSetup: "./src/cluster/global-setup.ts",
    testTimeout: 300_000,
    hookTimeout: 600_000,
    teardownTimeout: 120_000,
    maxWorkers: 1,
    fileParallelism: false,
    sequence: { concurrent: false },
    // Tests that say so run side by side: pods and contract cases mostly wait.
    maxConcurrency: 30,
  },
});
