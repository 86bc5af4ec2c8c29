import { defineConfig } from "vitest/config";

/** Workspace packages are tested from their sources, so that no test depends on a build. */
const conditions = ["@paperclip-k8s/source", "import", "node", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", ["json", { outputFile: "test-results.json" }]],
    // A hang is found late rather than a slow machine taken for one.
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // On a shared machine one pause too many must not hide what the other thousands of tests say; the gate names
    // each test that needed its second try, and none may need it twice.
    retry: process.env["CI"] ? 1 : 0,
    pool: "forks",
    maxWorkers: 2,
  },
});
