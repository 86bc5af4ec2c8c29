import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BatchV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterEach, expect, it } from "vitest";
import { type KubeSandbox, startKubeSandbox } from "../src/index.ts";
import { until } from "./helpers/until.ts";

let sandbox: KubeSandbox;
afterEach(() => sandbox.close());

it("a suspended Job gets its Secret, is resumed, runs as a process, and completes", async () => {
  sandbox = await startKubeSandbox({ namespaces: ["runs"], claims: [{ namespace: "runs", name: "shared" }] });
  const config = new KubeConfig();
  config.loadFromString(sandbox.kubeconfig);
  const batch = config.makeApiClient(BatchV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const share = join(sandbox.directory, "share");
  const job = await batch.createNamespacedJob({
    namespace: "runs",
    body: {
      metadata: { name: "run" },
      spec: {
        suspend: true,
        backoffLimit: 0,
        podReplacementPolicy: "Failed",
        template: {
          spec: {
            restartPolicy: "Never",
            volumes: [
              { name: "share", persistentVolumeClaim: { claimName: "shared" } },
              { name: "secret", secret: { secretName: "run" } },
            ],
            containers: [
              {
                name: "agent",
                image: "agent:1",
                command: [
                  "/bin/sh",
                  "-c",
                  'echo "$KEY" > "$$0/out"; cat "$(FOLDER)/prompt"; echo "$$(KEY)" >&2',
                  share,
                ],
                env: [
                  { name: "FOLDER", value: join(sandbox.directory, "run-secret") },
                  { name: "KEY", valueFrom: { secretKeyRef: { name: "run", key: "env.KEY" } } },
                ],
                volumeMounts: [
                  { name: "share", mountPath: share },
                  { name: "secret", mountPath: join(sandbox.directory, "run-secret") },
                ],
              },
            ],
          },
        },
      },
    },
  });
  const owner = { apiVersion: "batch/v1", kind: "Job", name: "run", uid: job.metadata!.uid! };
  const secret = {
    metadata: { name: "run", ownerReferences: [owner] },
    stringData: { prompt: "hello\n", "env.KEY": "sk" },
  };
  await core.createNamespacedSecret({ namespace: "runs", body: secret });
  await batch.patchNamespacedJob({
    namespace: "runs",
    name: "run",
    body: [{ op: "replace", path: "/spec/suspend", value: false }],
  });
  const done = await until(async () => {
    const read = await batch.readNamespacedJob({ namespace: "runs", name: "run" });
    return read.status?.completionTime === undefined ? undefined : read;
  });
  expect(done.status?.conditions?.map((one) => one.type)).toEqual([
    "Suspended",
    "SuccessCriteriaMet",
    "Complete",
  ]);
  expect(done.status?.succeeded).toBe(1);
  expect(await readFile(join(sandbox.volumePath("runs", "shared"), "out"), "utf8")).toBe("sk\n");
  const { items } = await core.listNamespacedPod({ namespace: "runs" });
  const log = await core.readNamespacedPodLog({ namespace: "runs", name: items[0]!.metadata!.name! });
  expect(log).toContain("hello");
  await batch.deleteNamespacedJob({ namespace: "runs", name: "run", propagationPolicy: "Foreground" });
  await until(async () => {
    const secrets = await core.listNamespacedSecret({ namespace: "runs" });
    const pods = await core.listNamespacedPod({ namespace: "runs" });
    return secrets.items.length + pods.items.length === 0 ? true : undefined;
  });
});
