// The same promises, held against the sandbox always, and against a real cluster where one is given.
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe } from "vitest";
import { type KubeSandbox, startKubeSandbox } from "../../src/index.ts";
import { jobs } from "./cases/jobs.ts";
import { lists } from "./cases/lists.ts";
import { objects } from "./cases/objects.ts";
import { pods } from "./cases/pods.ts";
import { refusals } from "./cases/refusals.ts";
import { type ContractCluster, contractCluster } from "./cluster.ts";
import { runContract } from "./run-contract.ts";

const image = process.env["KUBE_CONTRACT_IMAGE"] ?? "lab/busybox:1";
const real = process.env["KUBE_CONTRACT_KUBECONFIG"];

function runAll(cluster: () => ContractCluster): void {
  runContract("refusals", refusals, cluster);
  runContract("objects", objects, cluster);
  runContract("lists and watches", lists, cluster);
  runContract("jobs", jobs, cluster);
  runContract("pods", pods, cluster);
}

describe("kube-sandbox keeps the contract", () => {
  let sandbox: KubeSandbox;
  let cluster: ContractCluster;
  beforeAll(async () => {
    sandbox = await startKubeSandbox({
      namespaces: ["contract"],
      images: { missing: ["lab/none:1"] },
      delays: { replaceMs: 200, retryMs: 200 },
    });
    const config = new KubeConfig();
    config.loadFromString(sandbox.kubeconfig);
    cluster = contractCluster(config, "contract", image);
  });
  afterAll(() => sandbox.close());
  runAll(() => cluster);
});

describe.skipIf(real === undefined)("a real cluster keeps the contract", () => {
  const namespace = `sbx-contract-${process.pid}`;
  const config = new KubeConfig();
  beforeAll(async () => {
    config.loadFromFile(real!);
    await config.makeApiClient(CoreV1Api).createNamespace({ body: { metadata: { name: namespace } } });
  });
  afterAll(() => config.makeApiClient(CoreV1Api).deleteNamespace({ name: namespace }));
  runAll(() => contractCluster(config, namespace, image));
});
