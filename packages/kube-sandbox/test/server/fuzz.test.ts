// Whatever is sent: an answer of the API, quickly, never a failure of the sandbox, and it serves on.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Answer } from "../contract/cluster.ts";
import { mutated } from "../helpers/mutated.ts";
import { testSandbox } from "../helpers/test-sandbox.ts";

const seed = Number(process.env["SEED"] ?? 1);
const numRuns = Number(process.env["RUNS"] ?? 1_500);

const methods = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
const names = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "t",
    "..",
    "",
    "%2e%2e",
    "%zz",
    "a%2Fb",
    "A_b",
    "x".repeat(300),
    "__proto__",
    "constructor",
  ),
  fc.string({ maxLength: 8 }).map(encodeURIComponent),
);
const resources = fc.constantFrom(
  ...["pods", "secrets", "configmaps", "events", "persistentvolumeclaims", "serviceaccounts", "nodes"],
  ...["namespaces", "deployments", "__proto__", "toString", ""],
);
const paths = fc.oneof(
  fc
    .tuple(fc.constantFrom("t", "none", "%00"), resources)
    .map(([at, what]) => `/api/v1/namespaces/${at}/${what}`),
  fc.tuple(resources, names).map(([what, name]) => `/api/v1/namespaces/t/${what}/${name}`),
  fc
    .tuple(resources, names, fc.constantFrom("log", "status", "exec", "scale", "eviction", "binding"))
    .map(([what, name, part]) => `/api/v1/namespaces/t/${what}/${name}/${part}`),
  fc
    .tuple(
      fc.constantFrom("batch/v1", "coordination.k8s.io/v1", "x/v2", "authorization.k8s.io/v1"),
      fc.constantFrom("jobs", "leases", "selfsubjectaccessreviews"),
      names,
    )
    .map(([group, what, name]) => `/apis/${group}/namespaces/t/${what}/${name}`),
  fc.constantFrom(
    "/",
    "/api",
    "/apis",
    "/apis/batch/v1",
    "/openapi/v3/api/v1",
    "/version",
    "/readyz",
    "//",
    "/api/v1/watch/pods",
  ),
  fc.array(names, { maxLength: 7 }).map((parts) => `/${parts.join("/")}`),
);
const values = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "1",
    "-1",
    "true",
    "All",
    "Strict",
    "abc",
    "a=b",
    "a in (b",
    "!!",
    "999999999",
    "1e9",
    "Foreground",
    "%00",
  ),
  fc.string({ maxLength: 12 }),
);
const parameters = fc.constantFrom(
  ...[
    "limit",
    "continue",
    "resourceVersion",
    "resourceVersionMatch",
    "labelSelector",
    "fieldSelector",
    "dryRun",
  ],
  ...[
    "fieldValidation",
    "propagationPolicy",
    "gracePeriodSeconds",
    "sendInitialEvents",
    "allowWatchBookmarks",
  ],
  ...[
    "container",
    "tailLines",
    "limitBytes",
    "sinceSeconds",
    "sinceTime",
    "previous",
    "timestamps",
    "orphanDependents",
  ],
);
const queries = fc
  .dictionary(parameters, values, { maxKeys: 4 })
  .map((query) => new URLSearchParams({ ...query, timeoutSeconds: "1" }).toString());

const leaf = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1.5, 2 ** 40, "", "a", "Never", "1Gi", "cpu", "2026-01-01T00:00:00Z"),
  fc.string({ maxLength: 6 }),
);
const fields = fc.constantFrom(
  ...[
    "metadata",
    "name",
    "namespace",
    "labels",
    "annotations",
    "finalizers",
    "ownerReferences",
    "uid",
    "spec",
    "status",
  ],
  ...[
    "template",
    "containers",
    "initContainers",
    "image",
    "command",
    "env",
    "value",
    "valueFrom",
    "secretKeyRef",
    "key",
  ],
  ...[
    "volumes",
    "volumeMounts",
    "mountPath",
    "emptyDir",
    "secret",
    "items",
    "resources",
    "limits",
    "requests",
    "cpu",
  ],
  ...[
    "data",
    "stringData",
    "type",
    "immutable",
    "restartPolicy",
    "suspend",
    "parallelism",
    "completions",
    "backoffLimit",
  ],
  ...[
    "selector",
    "matchLabels",
    "accessModes",
    "involvedObject",
    "resourceAttributes",
    "preconditions",
    "dryRun",
  ],
  ...[
    "propagationPolicy",
    "op",
    "path",
    "from",
    "$patch",
    "kind",
    "apiVersion",
    "securityContext",
    "tolerations",
  ],
);
const { json: bodies } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "medium" },
    leaf,
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(fields, tie("json"), { maxKeys: 5 }),
  ),
}));
const object = fc
  .tuple(
    fc.record(
      { name: fc.constantFrom("a", "b"), labels: bodies, ownerReferences: bodies, finalizers: bodies },
      { requiredKeys: ["name"] },
    ),
    fc.dictionary(fields, bodies, { maxKeys: 4 }),
  )
  .map(([metadata, rest]) => ({ ...rest, metadata }));
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

const texts = fc.oneof(
  { weight: 4, arbitrary: object.map((body) => JSON.stringify(body)) },
  { weight: 4, arbitrary: bodies.map((body) => JSON.stringify(body)) },
  { weight: 1, arbitrary: fc.constantFrom("", "{", "nul", "\0", "[]", "null", '"x"', "{}") },
  { weight: 1, arbitrary: fc.string() },
);
const types = fc.constantFrom(
  ...["application/json", "application/merge-patch+json", "application/json-patch+json", "text/plain", ""],
  ...[
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
    "application/vnd.kubernetes.protobuf",
  ],
);
const accepts = fc.constantFrom(
  "application/json",
  "*/*",
  "text/html",
  "application/json;as=Table;v=v1;g=meta.k8s.io",
  ";;",
  "",
);

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
