// What the sandbox is held to on every test run, held against the real API server: a verified fake.
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll } from "vitest";
import { contract } from "../../../packages/kube-sandbox/test/contract/cases.ts";
import { type ContractCluster, realCluster } from "../../../packages/kube-sandbox/test/contract/cluster.ts";
import { runContract } from "../../../packages/kube-sandbox/test/contract/run-contract.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";

describeCluster("a real cluster keeps the contract", ({ kubeconfig, folder }) => {
  const namespace = `kube-contract-${process.pid}`;
  const config = new KubeConfig();
  let cluster: ContractCluster;
  beforeAll(async () => {
    config.loadFromFile(kubeconfig);
    const labels = { "paperclip-k8s/e2e": "true" };
    const body = { metadata: { name: namespace, labels } };
    await config.makeApiClient(CoreV1Api).createNamespace({ body });
    const image = process.env["KUBE_CONTRACT_IMAGE"] ?? (folder === undefined ? "busybox:1.37" : "lab/busybox:1");
    cluster = realCluster(config, namespace, image);
  });
  afterAll(() => config.makeApiClient(CoreV1Api).deleteNamespace({ name: namespace }));
  runContract(contract, () => cluster);
});
