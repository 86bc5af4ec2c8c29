import assert from "node:assert/strict";
import type { ContractCase } from "../cluster.ts";
import { jsonPatch, mergePatch, paths, strategicPatch } from "../manifests.ts";
import { refusal } from "../refusal.ts";

export const requestOptions: readonly ContractCase[] = [
  {
    title: "refuses options that it does not know, in the name of the options",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const body = { metadata: { name: "options" } };
      const message = async (method: string, path: string, send: object = body, headers = {}) => {
        const { status, json } = await cluster.send(method, path, send, headers);
        assert.deepEqual([status, json.reason, json.details.group], [422, "Invalid", "meta.k8s.io"]);
        return json.message;
      };
      const dryRun = 'is invalid: dryRun: Unsupported value: ["Foo"]: supported values: "All"';
      assert.equal(
        await message("POST", `${configmaps}?dryRun=Foo`),
        `CreateOptions.meta.k8s.io "" ${dryRun}`,
      );
      assert.equal(
        await message("POST", `${configmaps}?fieldValidation=Foo`),
        'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Foo": supported values: "", "Ignore", "Strict", "Warn"',
      );
      assert.equal(
        await message("POST", `${configmaps}?fieldManager=${"x".repeat(129)}`),
        'CreateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
      );
      assert.equal((await cluster.send("POST", configmaps, body)).status, 201);
      const at = `${configmaps}/options`;
      assert.equal(await message("PUT", `${at}?dryRun=Foo`), `UpdateOptions.meta.k8s.io "" ${dryRun}`);
      assert.equal(
        await message("PATCH", `${at}?dryRun=Foo`, {}, mergePatch),
        `PatchOptions.meta.k8s.io "" ${dryRun}`,
      );
      assert.equal(
        await message("DELETE", at, { dryRun: ["Foo"] }),
        `DeleteOptions.meta.k8s.io "" ${dryRun}`,
      );
      assert.equal(
        await message("DELETE", at, { propagationPolicy: "Nope" }),
        'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Nope": supported values: "Foreground", "Background", "Orphan", "nil"',
      );
      assert.match(
        await refusal(cluster, "DELETE", `${at}?gracePeriodSeconds=abc`),
        /^400 BadRequest null: strconv.ParseInt: parsing "abc": invalid syntax/,
      );
    },
  },
  {
    title: "warns of unknown fields, ignores them on demand, and refuses them in a patch too",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const body = { metadata: { name: "warned", foo: 1 }, bar: 2 };
      const warned = await cluster.send("POST", configmaps, body);
      assert.deepEqual(
        [warned.status, warned.headers["warning"]],
        [201, '299 - "unknown field \\"metadata.foo\\"", 299 - "unknown field \\"bar\\""'],
      );
      const at = `${configmaps}/warned`;
      const patched = await cluster.send("PATCH", at, { nope: 1 }, mergePatch);
      assert.deepEqual(
        [patched.status, patched.headers["warning"]],
        [200, '299 - "unknown field \\"nope\\""'],
      );
      const ignored = await cluster.send("PATCH", `${at}?fieldValidation=Ignore`, { nope: 1 }, mergePatch);
      assert.deepEqual([ignored.status, ignored.headers["warning"]], [200, undefined]);
      const strict = await cluster.send("PATCH", `${at}?fieldValidation=Strict`, { nope: 1 }, mergePatch);
      assert.equal(strict.status, 422);
      assert.match(
        strict.json.message,
        /^ "" is invalid: patch: Invalid value: ".*": strict decoding error: unknown field "nope"$/,
      );
    },
  },
  {
    title: "a dry run answers as if, with a version only if there is one, and stores nothing",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const at = `${configmaps}/dry`;
      const made = await cluster.send("POST", `${configmaps}?dryRun=All`, { metadata: { name: "dry" } });
      assert.deepEqual([made.status, made.json.metadata.resourceVersion], [201, undefined]);
      assert.equal((await cluster.send("GET", at)).status, 404);
      const { json } = await cluster.send("POST", configmaps, {
        metadata: { name: "dry" },
        data: { a: "1" },
      });
      assert.equal(
        (await cluster.send("POST", `${configmaps}?dryRun=All`, { metadata: { name: "dry" } })).status,
        409,
      );
      const patched = await cluster.send("PATCH", `${at}?dryRun=All`, { data: { a: "2" } }, mergePatch);
      assert.deepEqual(
        [patched.json.data, patched.json.metadata.resourceVersion],
        [{ a: "2" }, json.metadata.resourceVersion],
      );
      const front = await cluster.send("DELETE", `${at}?dryRun=All&propagationPolicy=Foreground`);
      assert.deepEqual(
        [front.json.kind, front.json.metadata.finalizers],
        ["ConfigMap", ["foregroundDeletion"]],
      );
      assert.deepEqual((await cluster.send("GET", at)).json, json);
    },
  },
  {
    title: "a DELETE with a body takes its options from there, and from the query otherwise",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const make = (name: string) => cluster.send("POST", configmaps, { metadata: { name } });
      for (const name of ["body", "query", "old"]) await make(name);
      const byBody = await cluster.send("DELETE", `${configmaps}/body?propagationPolicy=Foreground`, {});
      assert.equal(byBody.json.kind, "Status");
      const byQuery = await cluster.send("DELETE", `${configmaps}/query?propagationPolicy=Foreground`);
      assert.deepEqual(byQuery.json.metadata.finalizers, ["foregroundDeletion"]);
      const old = await cluster.send("DELETE", `${configmaps}/old?orphanDependents=true`);
      assert.deepEqual(old.json.metadata.finalizers, ["orphan"]);
    },
  },
  {
    title: "refuses bodies and patches that make no object of the kind",
    async run(cluster) {
      const { configmaps, secrets, jobs } = paths(cluster);
      await cluster.send("POST", configmaps, { metadata: { name: "odd" }, data: { a: "b" } });
      const at = `${configmaps}/odd`;
      const said = (method: string, path: string, body: unknown, headers?: Record<string, string>) =>
        refusal(cluster, method, path, body, headers);
      for (const body of ["", "[]", "5", '"x"', '{"kind":5}', "{x"])
        assert.match(
          await said("POST", configmaps, body),
          /^400 BadRequest null: the object provided is unrecognized \(must be of type ConfigMap\): couldn't get version\/kind; json parse error: /,
        );
      assert.match(await said("POST", configmaps, "null"), /^422 .* metadata.name: Required value/);
      assert.match(
        await said("POST", configmaps, { apiVersion: "v2", kind: "ConfigMap" }),
        /^400 .*: ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2"/,
      );
      assert.match(
        await said("POST", configmaps, { metadata: 5 }),
        /^400 .*: json: cannot unmarshal number into Go struct field ConfigMap.metadata of type v1.ObjectMeta$/,
      );
      assert.match(
        await said("POST", configmaps, { metadata: { name: "x", creationTimestamp: "y" } }),
        /^400 .*: parsing time "y" as /,
      );
      assert.match(
        await said("POST", secrets, { metadata: { name: "x" }, data: { a: "no base64!" } }),
        /^400 .*: illegal base64 data at input byte 2$/,
      );
      const number = (parallelism: unknown) =>
        said("POST", jobs, { metadata: { name: "x" }, spec: { parallelism } });
      assert.match(
        await number(1.5),
        /^400 .*: json: cannot unmarshal number 1.5 into Go struct field JobSpec.spec.parallelism of type int32$/,
      );
      assert.match(
        await number("1"),
        /^400 .*: json: cannot unmarshal string into Go struct field JobSpec.spec.parallelism of type int32$/,
      );
      const containers = (value: unknown) =>
        said("POST", jobs, { metadata: { name: "x" }, spec: { template: { spec: { containers: value } } } });
      assert.match(
        await containers([5]),
        /^400 .*: json: cannot unmarshal number into Go struct field PodSpec.spec.template.spec.containers of type v1.Container$/,
      );
      assert.match(
        await containers([null]),
        /^422 .*containers\[0\].name: Required value, spec.template.spec.containers\[0\].image: Required value/,
      );
      const odd = /^422 Invalid .*: {2}"" is invalid: patch: Invalid value: "/;
      assert.match(await said("PATCH", at, { data: 5 }, mergePatch), odd);
      assert.match(await said("PATCH", at, { kind: "Secret" }, mergePatch), odd);
      assert.match(await said("PATCH", at, [{ op: "add", path: "/data", value: 5 }], jsonPatch), odd);
      assert.match(await said("PATCH", at, { metadata: { ownerReferences: [5] } }, strategicPatch), odd);
      assert.equal(
        await said("PATCH", at, "5", mergePatch),
        "400 BadRequest null: error decoding patch: json: cannot unmarshal number into Go value of type map[string]interface {}",
      );
      assert.match(await said("PATCH", at, "{x", mergePatch), /^400 BadRequest null: error decoding patch: /);
      assert.match(
        await said("PATCH", at, [{ op: "add" }], jsonPatch),
        /^422 Invalid {}: the server rejected our request/,
      );
      const nameless =
        "400 BadRequest null: the name of the object (odd based on URL) was undeterminable: name must be provided";
      assert.equal(await said("PATCH", at, { metadata: null }, mergePatch), nameless);
      assert.equal(await said("PATCH", at, [{ op: "replace", path: "", value: {} }], jsonPatch), nameless);
      assert.equal(await said("PUT", at, {}), nameless);
      assert.equal(
        await said("PATCH", at, { metadata: { namespace: "other" } }, mergePatch),
        "400 BadRequest null: the namespace of the provided object does not match the namespace sent on the request",
      );
    },
  },
  {
    title: "K2: refuses bodies above 3 MiB",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const body = { metadata: { name: "large" }, data: { a: "x".repeat(3_200_000) } };
      assert.equal(
        await refusal(cluster, "POST", configmaps, body),
        "413 RequestEntityTooLarge null: Request entity too large: limit is 3145728",
      );
    },
  },
  {
    title: "tells a wrong method from a place that does not exist",
    async run(cluster) {
      const { configmaps, pods } = paths(cluster);
      const status = async (
        method: string,
        path: string,
        body?: object,
        headers?: Record<string, string>,
      ) => {
        const { status: code, json } = await cluster.send(method, path, body, headers);
        return `${code} ${json.reason}`;
      };
      assert.equal(
        await status("POST", "/api/v1/configmaps", { metadata: { name: "x" } }),
        "405 MethodNotAllowed",
      );
      assert.equal(await status("DELETE", "/api/v1/configmaps"), "405 MethodNotAllowed");
      assert.equal(await status("GET", "/api/v1/configmaps/x"), "404 NotFound");
      assert.equal(await status("GET", `/api/v1/namespaces/${cluster.namespace}/nodes`), "404 NotFound");
      assert.equal(await status("POST", `${pods}/x/log`, {}), "405 MethodNotAllowed");
      assert.equal(await status("DELETE", `${pods}/x/log`), "405 MethodNotAllowed");
      assert.equal(await status("GET", `${pods}/x/nope`), "404 NotFound");
      assert.equal(await status("GET", `${configmaps}/x/status`), "404 NotFound");
      assert.equal(await status("POST", `${configmaps}/x`, {}), "405 MethodNotAllowed");
      assert.equal(await status("GET", `${configmaps}/a%2Fb`), "404 NotFound");
      assert.equal((await cluster.send("GET", `${configmaps}/%zz`)).status, 400);
      assert.equal((await cluster.send("GET", "/nope")).status, 404);
      assert.equal(await status("GET", pods, undefined, { accept: "text/html" }), "406 NotAcceptable");
    },
  },
];
