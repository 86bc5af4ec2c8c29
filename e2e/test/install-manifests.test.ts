import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { KubernetesObjectApi, loadAllYaml, type V1Role } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeCluster } from "../src/cluster/describe-cluster.ts";
import { ADAPTER_RIGHTS, openNamespace, repositoryRoot, type TestNamespace } from "../src/index.ts";

const read = async (file: string) =>
  loadAllYaml(await readFile(join(repositoryRoot(), "examples/install", file), "utf8"));

test("the Role of the installation guide is the one that the suite runs with", async () => {
  const documents = (await read("role.yaml")) as V1Role[];
  expect(documents.find(({ kind }) => kind === "Role")?.rules).toEqual(ADAPTER_RIGHTS);
});

describeCluster("the manifests of the installation guide", (cluster) => {
  let namespace: TestNamespace;
  beforeAll(async () => {
    namespace = await openNamespace({ cluster, env: process.env });
  });
  afterAll(() => namespace?.[Symbol.asyncDispose]());

  test.each(["namespace.yaml", "role.yaml", "volume.yaml"])(
    "%s is accepted by the API server",
    async (file) => {
      const api = KubernetesObjectApi.makeApiClient(namespace.clients.config);
      for (const document of await read(file)) {
        // The namespace has a claim of that name already, and a dry run would say so.
        const name = `${document.metadata?.name}-dry-run`;
        const place = document.kind === "Namespace" ? {} : { namespace: namespace.name };
        const named = { ...document, metadata: { ...document.metadata, name, ...place } };
        const made = await api.create(named, undefined, "All", undefined);
        expect(made.metadata?.uid).toBeTruthy();
      }
    },
  );
});
