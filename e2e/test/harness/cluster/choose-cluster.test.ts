import { expect, test } from "vitest";
import { chooseCluster } from "../../../src/cluster/choose-cluster.ts";

test("without either variable there is no cluster, and the reason names both", () => {
  const choice = chooseCluster({}, "/somewhere");
  expect(choice).toMatchObject({
    kind: "none",
    reason: expect.stringMatching(/PAPERCLIP_K8S_CLUSTER.*KUBECONFIG/),
  });
});

test("an empty variable counts as not set", () => {
  expect(chooseCluster({ KUBECONFIG: "", PAPERCLIP_K8S_CLUSTER: "" }, "/")).toMatchObject({ kind: "none" });
});

test("the first file of a KUBECONFIG list is taken, from where the command was typed", () => {
  const choice = chooseCluster({ KUBECONFIG: ":one.yaml:/two.yaml", INIT_CWD: "/typed/here" }, "/package");
  expect(choice).toEqual({ kind: "kubeconfig", kubeconfig: "/typed/here/one.yaml" });
});

test("a cluster folder wins over KUBECONFIG", () => {
  const env = { KUBECONFIG: "/production.yaml", PAPERCLIP_K8S_CLUSTER: "../cluster", CLUSTER_HOME: "/state" };
  expect(chooseCluster(env, "/repository/e2e")).toEqual({
    kind: "folder",
    folder: "/repository/cluster",
    home: "/state",
  });
});
