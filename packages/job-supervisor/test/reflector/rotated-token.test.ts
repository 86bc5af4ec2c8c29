import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { startKubeSandbox } from "@paperclip-k8s/kube-sandbox";
import { afterEach, expect, test, vi } from "vitest";
import { createKubeTransport, startReflector } from "../../src/index.ts";
import { fakeClock, until } from "../support/fake-clock.ts";

afterEach(() => void vi.useRealTimers());

test("a token file that is rotated is read again, as a pod's is, and nothing but the time until then is lost", async () => {
  await using sandbox = await startKubeSandbox({ namespaces: ["x"] });
  const folder = await mkdtemp(join(tmpdir(), "token-"));
  const tokenFile = join(folder, "token");
  await writeFile(tokenFile, sandbox.token);
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(sandbox.kubeconfig);
  const name = kubeConfig.getCurrentUser()?.name ?? "";
  kubeConfig.users = [{ name, authProvider: { name: "tokenFile", config: { tokenFile } } }];
  const transport = createKubeTransport({ kubeConfig, userAgent: "reflector" });
  const clock = fakeClock();
  const path = "/api/v1/namespaces/x/configmaps";
  const reflector = startReflector<{ metadata?: { name?: string } }>({
    ...{ transport, path, labelSelector: "", clock, random: () => 0.5 },
  });
  await until("health", () => reflector.healthy());

  sandbox.faults.expireToken();
  sandbox.faults.dropWatches();
  await until("the refusal", () => !reflector.healthy(), { clock, stepMs: 100 });
  await writeFile(tokenFile, sandbox.rotateToken());
  // The library reads the file again after a minute.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
  const asked = sandbox.requests.length;
  await until("health again", () => reflector.healthy(), { clock, stepMs: 200 });
  expect(sandbox.requests.length - asked).toBeLessThanOrEqual(4);
  await transport.json({ method: "POST", path, body: { metadata: { name: "later" } } });
  await until("what comes later", () =>
    [...reflector.store.values()].some((one) => one.metadata?.name === "later"),
  );
  reflector.close();
  await rm(folder, { recursive: true });
});
