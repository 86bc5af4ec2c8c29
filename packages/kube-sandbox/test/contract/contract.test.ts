// The contract, held against the sandbox; the cluster suite holds it against a real API server.
import { KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe } from "vitest";
import { type KubeSandbox, startKubeSandbox } from "../../src/index.ts";
import { contract } from "./cases.ts";
import { type ContractCluster, sandboxCluster } from "./cluster.ts";
import { runContract } from "./run-contract.ts";

const image = "lab/busybox:1";

function configOf(sandbox: KubeSandbox): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(sandbox.kubeconfig);
  return config;
}

describe("kube-sandbox keeps the contract", () => {
  let sandbox: KubeSandbox;
  let forbidding: KubeSandbox;
  let cluster: ContractCluster;
  beforeAll(async () => {
    sandbox = await startKubeSandbox({
      namespaces: ["contract"],
      images: { missing: ["lab/none:1"] },
      delays: { replaceMs: 200, retryMs: 200 },
    });
    forbidding = await startKubeSandbox({ namespaces: ["contract"], permissions: { deny: [{}] } });
    cluster = sandboxCluster(configOf(sandbox), "contract", image, configOf(forbidding));
  });
  afterAll(() => Promise.all([sandbox.close(), forbidding.close()]));
  runContract(contract, () => cluster);
});
