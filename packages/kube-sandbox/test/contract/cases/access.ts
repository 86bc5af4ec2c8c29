import assert from "node:assert/strict";
import type { ContractCase } from "../cluster.ts";
import { paths } from "../manifests.ts";

export const access: readonly ContractCase[] = [
  {
    title: "H7: 403 names the user, the verb, the resource and where",
    async run(cluster) {
      const { pods, jobs, secrets } = paths(cluster);
      const where = `in API group "" in the namespace "${cluster.namespace}"`;
      const denied = async (method: string, path: string, body?: object) => {
        const { status, json, text } = await cluster.sendDenied(method, path, body);
        const { code, reason, message, details } = json ?? JSON.parse(text);
        assert.deepEqual([status, code, reason], [403, 403, "Forbidden"]);
        return [message.replace(/User "[^"]+"/, "User U"), details];
      };
      assert.deepEqual(await denied("GET", pods), [
        `pods is forbidden: User U cannot list resource "pods" ${where}`,
        { kind: "pods" },
      ]);
      assert.deepEqual(await denied("GET", `${pods}?watch=1`), [
        `pods is forbidden: User U cannot watch resource "pods" ${where}`,
        { kind: "pods" },
      ]);
      assert.deepEqual(await denied("POST", secrets, { metadata: { name: "x" } }), [
        `secrets is forbidden: User U cannot create resource "secrets" ${where}`,
        { kind: "secrets" },
      ]);
      assert.deepEqual(await denied("GET", `${pods}/x/log`), [
        `pods "x" is forbidden: User U cannot get resource "pods/log" ${where}`,
        { name: "x", kind: "pods" },
      ]);
      assert.deepEqual(await denied("DELETE", `${jobs}/x`), [
        `jobs.batch "x" is forbidden: User U cannot delete resource "jobs" ${where.replace('""', '"batch"')}`,
        { name: "x", group: "batch", kind: "jobs" },
      ]);
      assert.deepEqual(await denied("GET", "/api/v1/nodes"), [
        'nodes is forbidden: User U cannot list resource "nodes" in API group "" at the cluster scope',
        { kind: "nodes" },
      ]);
    },
  },
  {
    title: "a token that nobody gave out is 401",
    async run(cluster) {
      const { status, json } = await cluster.sendUnknown("GET", paths(cluster).pods);
      assert.deepEqual(
        [status, json],
        [
          401,
          {
            kind: "Status",
            apiVersion: "v1",
            metadata: {},
            status: "Failure",
            message: "Unauthorized",
            reason: "Unauthorized",
            code: 401,
          },
        ],
      );
    },
  },
  {
    title: "an access review says what the user may do, and is stored nowhere",
    async run(cluster) {
      const reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
      const attributes = { namespace: cluster.namespace, verb: "create", group: "batch", resource: "jobs" };
      const body = {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: attributes },
      };
      const may = await cluster.send("POST", reviews, body);
      assert.equal(may.status, 201);
      assert.deepEqual([may.json.kind, may.json.spec, may.json.status.allowed], [body.kind, body.spec, true]);
      const bare = await cluster.send("POST", reviews, { spec: {} });
      assert.equal(bare.status, 422, bare.text);
      assert.match(
        bare.json.message,
        /^\.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified$/,
      );
      assert.equal((await cluster.send("GET", reviews)).status, 405);
    },
  },
];
