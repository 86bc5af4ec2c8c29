// What the sandbox is held to on every test run, held against the real API server: a verified fake.
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll } from "vitest";
import { contract } from "../../../packages/kube-sandbox/test/contract/cases.ts";
import { type ContractCluster, realCluster } from "../../../packages/kube-sandbox/test/contract/cluster.ts";
import { runContract } from "../../../packages/kube-sandbox/test/contract/run-contract.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { isImageLoaded } from "../../src/cluster/load-image.ts";

describeCluster("a real cluster keeps the contract", ({ kubeconfig }) => {
  const config = new KubeConfig();
  const namespaces: string[] = [];
  const tried = new Set<string>();
  let cluster: ContractCluster;

  async function open(): Promise<ContractCluster> {
    const name = `kube-contract-${process.pid}-${namespaces.length}`;
    namespaces.push(name);
    const core = config.makeApiClient(CoreV1Api);
    await core.createNamespace({ body: { metadata: { name, labels: { "paperclip-k8s/e2e": "true" } } } });
    const image = (await isImageLoaded(core, "lab/busybox:1")) ? "lab/busybox:1" : "busybox:1.37";
    return realCluster(config, name, image);
  }

  beforeAll(async () => {
    config.loadFromFile(kubeconfig);
    cluster = await open();
  });
  afterAll(async () => {
    const core = config.makeApiClient(CoreV1Api);
    await Promise.all(namespaces.map((name) => core.deleteNamespace({ name })));
  });
  runContract(contract, (title) => {
    if (tried.has(title)) return open();
    tried.add(title);
    return cluster;
  });
});
