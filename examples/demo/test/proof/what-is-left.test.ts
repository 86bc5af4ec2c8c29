import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { type KubeSandboxOptions, startKubeSandbox } from "@paperclip-k8s/kube-sandbox";
import { expect, test } from "vitest";
import { isClean, whatIsLeft } from "../../src/proof/what-is-left.ts";

async function openPlace(options: KubeSandboxOptions = {}) {
  const sandbox = await startKubeSandbox({ claims: [{ namespace: "default", name: "data" }], ...options });
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(sandbox.kubeconfig);
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const runFolder = sandbox.volumePath("default", "data");
  const place = { kubeConfig, namespace: "default", labelSelector: undefined, hostPod: null, runFolder };
  const makeSecret = (name: string, labels: Record<string, string> = {}) =>
    core.createNamespacedSecret({ namespace: "default", body: { metadata: { name, labels } } });
  return { sandbox, core, runFolder, makeSecret, place: { ...place, settledWithinMs: 0 } };
}

test("what lies around is named, from the API and from the disk", async () => {
  const { sandbox, place, makeSecret, runFolder } = await openPlace();
  await using _ = sandbox;
  await makeSecret("forgotten");
  await mkdir(join(runFolder, "a"));
  await writeFile(join(runFolder, "a", "r.pod.ndjson"), "");
  await writeFile(join(runFolder, "a", "notes.txt"), "");
  const left = await whatIsLeft(place);
  expect(left).toEqual({ jobs: [], pods: [], secrets: ["forgotten"], files: ["a/r.pod.ndjson"] });
  expect(isClean(left)).toBe(false);
});

test("what is on its way out is waited for", async () => {
  const { sandbox, core, place, makeSecret } = await openPlace();
  await using _ = sandbox;
  await makeSecret("going");
  setTimeout(() => void core.deleteNamespacedSecret({ namespace: "default", name: "going" }), 150);
  const left = await whatIsLeft({ ...place, settledWithinMs: 10_000 });
  expect(left.secrets).toEqual([]);
});

test("what belongs to others does not count", async () => {
  const { sandbox, place, makeSecret } = await openPlace();
  await using _ = sandbox;
  await makeSecret("theirs", { agent: "other" });
  expect((await whatIsLeft({ ...place, labelSelector: "agent=ours" })).secrets).toEqual([]);
});

test("what may not be listed is not called gone", async () => {
  const { sandbox, place } = await openPlace({
    permissions: { deny: [{ verb: "list", resource: "secrets" }] },
  });
  await using _ = sandbox;
  const left = await whatIsLeft(place);
  expect(left).toEqual({ jobs: [], pods: [], secrets: null, files: [] });
});

test("a folder that was never made holds nothing", async () => {
  const { sandbox, place } = await openPlace();
  await using _ = sandbox;
  expect((await whatIsLeft({ ...place, runFolder: join(place.runFolder, "none") })).files).toEqual([]);
});
