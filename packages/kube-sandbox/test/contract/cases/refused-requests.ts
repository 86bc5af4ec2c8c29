import assert from "node:assert/strict";
import type { ContractCase } from "../cluster.ts";
import { jsonPatch, mergePatch, paths } from "../manifests.ts";
import { refusal } from "../refusal.ts";

export const refusedRequests: readonly ContractCase[] = [
  {
    title: "names what was not found",
    async run(cluster) {
      const { pods, jobs } = paths(cluster);
      assert.equal(
        await refusal(cluster, "GET", `${pods}/nope`),
        '404 NotFound {"name":"nope","kind":"pods"}: pods "nope" not found',
      );
      assert.equal(
        await refusal(cluster, "DELETE", `${jobs}/nope`),
        '404 NotFound {"name":"nope","group":"batch","kind":"jobs"}: jobs.batch "nope" not found',
      );
      assert.match(
        await refusal(cluster, "GET", "/api/v1/foos"),
        /^404 NotFound \{\}: the server could not find the requested/,
      );
      assert.equal(
        await refusal(cluster, "POST", "/api/v1/namespaces/sbx-none/secrets", { metadata: { name: "a" } }),
        '404 NotFound {"name":"sbx-none","kind":"namespaces"}: namespaces "sbx-none" not found',
      );
      assert.equal(
        await refusal(cluster, "PATCH", `${pods}/nope`, {}, mergePatch),
        '404 NotFound {"name":"nope","kind":"pods"}: pods "nope" not found',
      );
    },
  },
  {
    title: "G10: answers 409 AlreadyExists to a second create of a name",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      assert.equal((await cluster.send("POST", configmaps, { metadata: { name: "twice" } })).status, 201);
      assert.equal(
        await refusal(cluster, "POST", configmaps, { metadata: { name: "twice" } }),
        '409 AlreadyExists {"name":"twice","kind":"configmaps"}: configmaps "twice" already exists',
      );
    },
  },
  {
    title: "refuses what is no JSON, of a wrong type, of another kind or namespace",
    async run(cluster) {
      const { secrets } = paths(cluster);
      assert.match(
        await refusal(cluster, "POST", secrets, '{"metadata":'),
        /^400 BadRequest null: the object provided is unrecognized/,
      );
      assert.equal(
        await refusal(cluster, "POST", secrets, { metadata: { name: 5 } }),
        '400 BadRequest null: Secret in version "v1" cannot be handled as a Secret: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string',
      );
      assert.equal(
        await refusal(cluster, "POST", secrets, { metadata: { name: "b", namespace: "other" } }),
        "400 BadRequest null: the namespace of the provided object does not match the namespace sent on the request",
      );
      assert.match(
        await refusal(cluster, "POST", secrets, { apiVersion: "v1", kind: "Pod", metadata: { name: "b" } }),
        /^400 BadRequest null: Pod in version "v1" cannot be handled as a Secret: /,
      );
      assert.match(
        await refusal(cluster, "POST", secrets, "{}", { "content-type": "text/plain" }),
        /^415 UnsupportedMediaType/,
      );
    },
  },
  {
    title: "refuses patches that do not apply, conflict, or are of no known type",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      await cluster.send("POST", configmaps, { metadata: { name: "patched" }, data: { a: "b" } });
      const at = `${configmaps}/patched`;
      const hidden = "422 Invalid {}: the server rejected our request due to an error in our request";
      assert.equal(
        await refusal(cluster, "PATCH", at, [{ op: "test", path: "/data/a", value: "z" }], jsonPatch),
        hidden,
      );
      assert.equal(
        await refusal(cluster, "PATCH", at, [{ op: "remove", path: "/data/zz" }], jsonPatch),
        hidden,
      );
      assert.match(
        await refusal(cluster, "PATCH", at, { data: {} }, jsonPatch),
        /^400 BadRequest null: error decoding patch: /,
      );
      assert.equal(
        await refusal(cluster, "PATCH", at, {}),
        "415 UnsupportedMediaType {}: 415: Unsupported Media Type",
      );
      const modified =
        '409 Conflict {"name":"patched","kind":"configmaps"}: Operation cannot be fulfilled on configmaps "patched": the object has been modified; please apply your changes to the latest version and try again';
      const stale = { metadata: { resourceVersion: "1" }, data: { a: "d" } };
      assert.equal(await refusal(cluster, "PATCH", at, stale, mergePatch), modified);
      assert.equal(
        await refusal(cluster, "PUT", at, { metadata: { name: "patched", resourceVersion: "1" } }),
        modified,
      );
      assert.equal(
        await refusal(cluster, "PUT", at, { metadata: { name: "q" } }),
        "400 BadRequest null: the name of the object (q) does not match the name on the URL (patched)",
      );
      assert.match(
        await refusal(cluster, "PATCH", at, { metadata: { uid: "zz" } }, mergePatch),
        /metadata.uid: Invalid value: "zz": field is immutable$/,
      );
    },
  },
  {
    title: "refuses bad selectors, limits, versions and methods",
    async run(cluster) {
      const { pods } = paths(cluster);
      assert.equal(
        await refusal(cluster, "GET", `${pods}?labelSelector=a%20b%20c`),
        "400 BadRequest null: unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
      );
      assert.equal(
        await refusal(cluster, "GET", `${pods}?fieldSelector=spec.foo=1`),
        "400 BadRequest null: field label not supported: spec.foo",
      );
      assert.equal(
        await refusal(cluster, "GET", `${pods}?fieldSelector=metadata.name`),
        "400 BadRequest null: invalid selector: 'metadata.name'; can't understand 'metadata.name'",
      );
      assert.match(await refusal(cluster, "GET", `${pods}?limit=abc`), /^400 BadRequest null: /);
      assert.match(
        await refusal(cluster, "GET", `${pods}?resourceVersion=abc`),
        /^400 BadRequest null: invalid resource version: /,
      );
      assert.match(
        await refusal(cluster, "GET", `${pods}?limit=1&continue=abc`),
        /^400 BadRequest null: .*continue key is not valid/,
      );
      assert.equal(
        await refusal(cluster, "PUT", pods, {}),
        "405 MethodNotAllowed {}: the server does not allow this method on the requested resource",
      );
    },
  },
];
