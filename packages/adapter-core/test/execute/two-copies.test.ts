import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "@paperclip-k8s/job-supervisor";
import { expect, it, vi } from "vitest";
import { fakeHost } from "../support/host.ts";
import { sharedStage } from "../support/shared-stage.ts";
import { shell } from "../support/shell-agent.ts";

const stage = sharedStage();

/** Waits pass at once. */
const host = fakeHost({
  environment: { POD_NAME: "paperclip-0", POD_NAMESPACE: "agents" },
  clock: { now: Date.now, schedule: (callback) => systemClock.schedule(callback, 0) },
});

/** The results of one run in two copies of the core, as two adapters bundle it; the first makes what both share. */
async function inTwoCopies(kubeconfig: string) {
  const results = [];
  for (const runId of [randomUUID(), randomUUID()]) {
    vi.resetModules();
    const { execute } = await import("../../src/execute.ts");
    const config = { ...stage().config, kubeconfig };
    results.push(
      await execute(shell, host, {
        ...{ runId, config, context: {}, onLog: async () => {} },
        agent: { id: "a1", companyId: "c1", name: "Agent", adapterType: shell.type, adapterConfig: config },
        runtime: { sessionId: null, sessionParams: null, sessionDisplayId: null, taskKey: null },
      }),
    );
  }
  return results;
}

const nothingStarted = { executionRecovery: { kind: "bootstrap", providerWorkStarted: false } };

it("an API server that is away is told by each of two adapters in one process", async () => {
  const kubeconfig = join(stage().root, "nobody-there");
  const cluster = { name: "one", cluster: { server: "https://127.0.0.1:1" } };
  const context = { name: "one", context: { cluster: "one", user: "one" } };
  await writeFile(
    kubeconfig,
    JSON.stringify({
      ...{ apiVersion: "v1", kind: "Config", "current-context": "one" },
      ...{ clusters: [cluster], contexts: [context], users: [{ name: "one", user: { token: "x" } }] },
    }),
  );
  const away = { errorCode: "k8s_job_create_failed", ...nothingStarted };
  expect(await inTwoCopies(kubeconfig)).toMatchObject([away, away]);
});

it("a kubeconfig that cannot be used is told by each of two adapters in one process", async () => {
  const incomplete = { errorCode: "configuration_incomplete", ...nothingStarted };
  expect(await inTwoCopies("/no/such/kubeconfig")).toMatchObject([incomplete, incomplete]);
});
