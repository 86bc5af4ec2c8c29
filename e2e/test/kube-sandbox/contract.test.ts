// What the sandbox is held to on every test run, held against the real API server: a verified fake.
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll } from "vitest";
import { contract } from "../../../packages/kube-sandbox/test/contract/cases.ts";
import { type ContractCluster, realCluster } from "../../../packages/kube-sandbox/test/contract/cluster.ts";
import { runContract } from "../../../packages/kube-sandbox/test/contract/run-contract.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { isImageLoaded } from "../../src/cluster/load-image.ts";

describeCluster("a real cluster keeps the contract", ({ kubeconfig }) => {
  const namespace = `kube-contract-${process.pid}`;
  const config = new KubeConfig();
  let cluster: ContractCluster;
  beforeAll(async () => {
    config.loadFromFile(kubeconfig);
    const labels = { "paperclip-k8s/e2e": "true" };
    const body = { metadata: { name: namespace, labels } };
    await config.makeApiClient(CoreV1Api).createNamespace({ body });
    const core = config.makeApiClient(CoreV1Api);
    const image = (await isImageLoaded(core, "lab/busybox:1")) ? "lab/busybox:1" : "busybox:1.37";
    cluster = realCluster(config, namespace, image);
  });
  afterAll(() => config.makeApiClient(CoreV1Api).deleteNamespace({ name: namespace }));
  runContract(contract, () => cluster);
});
