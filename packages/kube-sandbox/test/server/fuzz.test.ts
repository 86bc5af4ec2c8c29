// Whatever is sent: an answer of the API, quickly, never a failure of the sandbox, and it serves on.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Answer } from "../contract/cluster.ts";
import { accepts, bodies, methods, paths, queries, texts, types } from "../helpers/fuzzed-requests.ts";
import { mutated } from "../helpers/mutated.ts";
import { testSandbox } from "../helpers/test-sandbox.ts";

const seed = Number(process.env["SEED"] ?? 1);
const numRuns = Number(process.env["RUNS"] ?? 1_500);

const container = {
  ...{
    name: "agent",
    image: "x",
    command: ["sh"],
    env: [{ name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }],
  },
  ...{
    resources: { limits: { cpu: "1" }, requests: { cpu: "1" } },
    volumeMounts: [{ name: "v", mountPath: "/v" }],
  },
  ...{
    ports: [{ containerPort: 1 }],
    envFrom: [{ secretRef: { name: "s" } }],
    securityContext: { runAsUser: 1 },
  },
};
const podSpec = {
  ...{ restartPolicy: "Never", containers: [container], initContainers: [{ name: "i", image: "y" }] },
  ...{
    volumes: [
      { name: "v", secret: { secretName: "s", items: [{ key: "k", path: "p" }] } },
      { name: "w", emptyDir: {} },
    ],
  },
  ...{
    nodeSelector: { a: "b" },
    tolerations: [{ key: "a", operator: "Exists" }],
    securityContext: { fsGroup: 1 },
  },
};
const owner = { apiVersion: "v1", kind: "ConfigMap", name: "a", uid: "u", controller: true };
const metadata = {
  name: "a",
  labels: { a: "b" },
  annotations: { a: "b" },
  ownerReferences: [owner],
  finalizers: ["a/b"],
};
const jobSpec = {
  template: { metadata: { labels: { c: "d" } }, spec: podSpec },
  suspend: true,
  backoffLimit: 0,
};
const valid: readonly (readonly [path: string, body: object])[] = [
  ["/api/v1/namespaces/t/pods", { metadata, spec: podSpec }],
  ["/apis/batch/v1/namespaces/t/jobs", { metadata, spec: jobSpec }],
  ["/api/v1/namespaces/t/secrets", { metadata, data: { a: "YQ==" }, stringData: { b: "c" }, type: "Opaque" }],
  [
    "/api/v1/namespaces/t/configmaps",
    { metadata, data: { a: "b" }, binaryData: { c: "YQ==" }, immutable: true },
  ],
  [
    "/api/v1/namespaces/t/persistentvolumeclaims",
    { metadata, spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } } },
  ],
  [
    "/api/v1/namespaces/t/events",
    { metadata, involvedObject: { kind: "Pod", namespace: "t", name: "a" }, reason: "r" },
  ],
  [
    "/apis/coordination.k8s.io/v1/namespaces/t/leases",
    { metadata, spec: { holderIdentity: "a", leaseDurationSeconds: 1 } },
  ],
  [
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    { spec: { resourceAttributes: { verb: "get", resource: "pods" } } },
  ],
];

/** Of the real API, 1.34 too: it fails where it should refuse. */
const known = /^resourceVersion should not be set on objects to be created$/;

type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** Sends, and fails where no answer or a failure of the server comes. */
async function answered(send: Send, ...request: Parameters<Send>): Promise<Answer> {
  const answer = await Promise.race([
    send(...request),
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error("no answer")), 10_000).unref()),
  ]);
  const failed = answer.status >= 500 && answer.status !== 504 && !known.test(answer.json?.message ?? "");
  if (failed) throw new Error(`${answer.status} ${answer.text.slice(0, 400)}`);
  if (answer.json?.kind === "Status") expect(answer.json.code ?? 200).toBe(answer.status);
  return answer;
}

it("an object that is wrong somewhere is refused or made, changed and deleted", async () => {
  const test = await testSandbox({ requestLog: false });
  test.sandbox.pods.script({}, () => {});
  const merge = { "content-type": "application/merge-patch+json" };
  const broken = fc
    .constantFrom(...valid)
    .chain(([path, body]) => mutated([body], bodies).map((one) => [path, one] as const));
  await fc.assert(
    fc.asyncProperty(broken, broken, async ([path, body], [, patch]) => {
      const made = await answered(test.send, "POST", path, body);
      if (made.status !== 201 || made.json.metadata.name === undefined) return;
      const at = `${path}/${encodeURIComponent(made.json.metadata.name)}`;
      await answered(test.send, "PATCH", at, patch, merge);
      await answered(test.send, "PATCH", at, patch, {
        "content-type": "application/strategic-merge-patch+json",
      });
      await answered(test.send, "PUT", at, patch);
      await answered(test.send, "PATCH", at, { metadata: { finalizers: null } }, merge);
      await answered(test.send, "DELETE", `${at}?propagationPolicy=Background&gracePeriodSeconds=0`);
      expect((await test.send("GET", path)).status).toBe(200);
    }),
    { seed, numRuns },
  );
}, 120_000);

it("answers whatever it is sent, and lives", async () => {
  const test = await testSandbox({ requestLog: false });
  test.sandbox.pods.script({}, () => {});
  const request = fc.record({
    method: methods,
    path: paths,
    query: queries,
    body: texts,
    type: types,
    accept: accepts,
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ method, path, query, body, type, accept }) => {
      const headers = { accept, ...(type === "" ? {} : { "content-type": type }) };
      const bodyless = method === "GET" || method === "HEAD";
      await answered(test.send, method, `${path}?${query}`, bodyless ? undefined : body, headers);
    }),
    { seed, numRuns },
  );
  expect((await test.send("GET", "/api/v1/namespaces/t/pods")).status).toBe(200);
}, 120_000);
