import { mergeConfig } from "vitest/config";
import shared from "../vitest.shared.ts";
import { PAPERCLIP_VERSIONS } from "./src/paperclip/install-paperclip.ts";

const asked = process.env["PAPERCLIP_K8S_PAPERCLIP_VERSION"];
const versions = asked ? [asked] : Object.values(PAPERCLIP_VERSIONS);

/** One worker and one test at a time: they share a cluster, and most of them count what it is asked. */
const oneByOne = {
  extends: true,
  test: {
    name: "cluster",
    exclude: ["test/paperclip/**"],
    maxWorkers: 1,
    fileParallelism: false,
    sequence: { concurrent: false, groupOrder: 0 },
  },
} as const;

/** The real host, in each version. Its files mostly wait and have a namespace each: two at a time. */
const hosts = versions.map((version) => ({
  extends: true as const,
  test: {
    name: version,
    globalSetup: "./src/paperclip/prepare-host.ts",
    // What is included is added to what all have: the rest has to be taken out.
    exclude: ["test/!(paperclip)/**", "test/*.test.ts"],
    env: { PAPERCLIP_K8S_PAPERCLIP_VERSION: version },
    maxWorkers: 2,
    sequence: { groupOrder: 1 },
  },
}));

export default mergeConfig(shared, {
  test: {
    globalSetup: "./src/cluster/global-setup.ts",
    testTimeout: 300_000,
    hookTimeout: 600_000,
    teardownTimeout: 120_000,
    // Tests that say so run side by side: pods and contract cases mostly wait.
    maxConcurrency: 30,
    projects: [oneByOne, ...hosts],
  },
});
