import assert from "node:assert/strict";
import type { ContractCase } from "../cluster.ts";
import { jsonPatch, mergePatch, paths, scriptJob, strategicPatch } from "../manifests.ts";

export const objects: readonly ContractCase[] = [
  {
    title: "creates a Secret with what the API adds, and reads it back",
    async run(cluster) {
      const { secrets } = paths(cluster);
      const made = await cluster.send("POST", secrets, {
        metadata: { name: "made" },
        stringData: { x: "y" },
        data: { z: "eg==" },
      });
      assert.equal(made.status, 201);
      const { managedFields: _, uid, resourceVersion, creationTimestamp, ...metadata } = made.json.metadata;
      assert.deepEqual(metadata, { name: "made", namespace: cluster.namespace });
      assert.match(uid, /^[0-9a-f-]{36}$/);
      assert.match(resourceVersion, /^\d+$/);
      assert.match(creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.deepEqual(
        [made.json.kind, made.json.data, made.json.type],
        ["Secret", { x: "eQ==", z: "eg==" }, "Opaque"],
      );
      const read = await cluster.send("GET", `${secrets}/made`);
      assert.deepEqual(read.json, made.json);
    },
  },
  {
    title: "fills in the defaults of a Job, and generates its selector and labels",
    async run(cluster) {
      const { jobs } = paths(cluster);
      const body = {
        metadata: { name: "plain" },
        spec: {
          suspend: true,
          template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "x" }] } },
        },
      };
      const { json, status } = await cluster.send("POST", `${jobs}?dryRun=All`, body);
      assert.equal(status, 201);
      const { uid } = json.metadata;
      assert.equal(json.metadata.generation, 1);
      assert.deepEqual(json.spec, {
        parallelism: 1,
        completions: 1,
        backoffLimit: 6,
        selector: { matchLabels: { "batch.kubernetes.io/controller-uid": uid } },
        manualSelector: false,
        template: {
          metadata: {
            labels: {
              "batch.kubernetes.io/controller-uid": uid,
              "batch.kubernetes.io/job-name": "plain",
              "controller-uid": uid,
              "job-name": "plain",
            },
          },
          spec: {
            containers: [
              {
                name: "a",
                image: "x",
                resources: {},
                terminationMessagePath: "/dev/termination-log",
                terminationMessagePolicy: "File",
                imagePullPolicy: "Always",
              },
            ],
            restartPolicy: "Never",
            terminationGracePeriodSeconds: 30,
            dnsPolicy: "ClusterFirst",
            securityContext: {},
            schedulerName: "default-scheduler",
          },
        },
        completionMode: "NonIndexed",
        suspend: true,
        podReplacementPolicy: "TerminatingOrFailed",
      });
      assert.equal((await cluster.send("GET", `${jobs}/plain`)).status, 404);
    },
  },
  {
    title: "generates names, and counts versions upwards",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const first = await cluster.send("POST", configmaps, { metadata: { generateName: "gen-" } });
      const second = await cluster.send("POST", configmaps, { metadata: { generateName: "gen-" } });
      assert.match(first.json.metadata.name, /^gen-[a-z0-9]{5}$/);
      assert.notEqual(first.json.metadata.name, second.json.metadata.name);
      assert.ok(Number(second.json.metadata.resourceVersion) > Number(first.json.metadata.resourceVersion));
    },
  },
  {
    title: "patches in all three ways, and an empty patch changes no version",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      await cluster.send("POST", configmaps, {
        metadata: { name: "ways", labels: { a: "1" } },
        data: { k: "v" },
      });
      const at = `${configmaps}/ways`;
      const merged = await cluster.send("PATCH", at, { data: { k: null, l: "w" } }, mergePatch);
      assert.deepEqual(merged.json.data, { l: "w" });
      const patch = [
        { op: "test", path: "/data/l", value: "w" },
        { op: "add", path: "/metadata/labels/x.io~1y", value: "2" },
        { op: "copy", from: "/data/l", path: "/data/m" },
      ];
      const patched = await cluster.send("PATCH", at, patch, jsonPatch);
      assert.deepEqual(patched.json.metadata.labels, { a: "1", "x.io/y": "2" });
      assert.deepEqual(patched.json.data, { l: "w", m: "w" });
      const strategic = await cluster.send(
        "PATCH",
        at,
        { metadata: { labels: { a: null } } },
        strategicPatch,
      );
      assert.deepEqual(strategic.json.metadata.labels, { "x.io/y": "2" });
      const same = await cluster.send("PATCH", at, {}, mergePatch);
      assert.equal(same.json.metadata.resourceVersion, strategic.json.metadata.resourceVersion);
    },
  },
  {
    title: "replaces with and without a version",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      const made = await cluster.send("POST", configmaps, { metadata: { name: "put" }, data: { a: "b" } });
      const bare = await cluster.send("PUT", `${configmaps}/put`, {
        metadata: { name: "put" },
        data: { a: "c" },
      });
      assert.equal(bare.status, 200);
      assert.equal(bare.json.metadata.uid, made.json.metadata.uid);
      const stale = await cluster.send("PUT", `${configmaps}/put`, { ...made.json, data: { a: "d" } });
      assert.equal(stale.status, 409);
      const absent = await cluster.send("PUT", `${configmaps}/absent`, { metadata: { name: "absent" } });
      assert.equal(absent.status, 404);
    },
  },
  {
    title: "a Job's generation counts changes of its spec, and its suspension may change at any time",
    async run(cluster) {
      const { jobs } = paths(cluster);
      await cluster.send("POST", jobs, scriptJob(cluster, "counted", { suspend: true }));
      const labelled = await cluster.send(
        "PATCH",
        `${jobs}/counted`,
        { metadata: { labels: { x: "y" } } },
        mergePatch,
      );
      assert.equal(labelled.json.metadata.generation, 1);
      const nodes = { spec: { template: { spec: { nodeSelector: { never: "there" } } } } };
      assert.equal(
        (await cluster.send("PATCH", `${jobs}/counted`, nodes, mergePatch)).json.metadata.generation,
        2,
      );
      const image = [{ op: "replace", path: "/spec/template/spec/containers/0/image", value: "y" }];
      const refused = await cluster.send("PATCH", `${jobs}/counted`, image, jsonPatch);
      assert.equal(refused.status, 422);
      assert.deepEqual(
        refused.json.details.causes.map((cause: { field: string }) => cause.field),
        ["spec.template"],
      );
      const resumed = await cluster.send(
        "PATCH",
        `${jobs}/counted`,
        { spec: { suspend: false } },
        mergePatch,
      );
      assert.equal(resumed.json.metadata.generation, 3);
      await cluster.send("DELETE", `${jobs}/counted?propagationPolicy=Background`);
    },
  },
  {
    title: "deletes by preconditions, as a dry run, and answers with a Status",
    async run(cluster) {
      const { secrets } = paths(cluster);
      const { json } = await cluster.send("POST", secrets, { metadata: { name: "gone" } });
      const { uid, resourceVersion } = json.metadata;
      const at = `${secrets}/gone`;
      const foreign = await cluster.send("DELETE", at, { preconditions: { uid: "nope" } });
      assert.equal(
        foreign.json.message,
        `Operation cannot be fulfilled on Secret "gone": the UID in the precondition (nope) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
      );
      assert.deepEqual(
        [foreign.status, foreign.json.reason, foreign.json.details],
        [409, "Conflict", { name: "gone", kind: "Secret" }],
      );
      const old = await cluster.send("DELETE", at, { preconditions: { resourceVersion: "1" } });
      assert.match(
        old.json.message,
        /the ResourceVersion in the precondition \(1\) does not match the ResourceVersion in record/,
      );
      const success = {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Success",
        details: { name: "gone", kind: "secrets", uid },
      };
      assert.deepEqual((await cluster.send("DELETE", `${at}?dryRun=All`)).json, success);
      assert.equal((await cluster.send("GET", at)).status, 200);
      assert.deepEqual(
        (await cluster.send("DELETE", at, { preconditions: { uid, resourceVersion } })).json,
        success,
      );
      assert.equal((await cluster.send("DELETE", at)).status, 404);
    },
  },
  {
    title: "deletes a collection by its labels",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      for (const name of ["c1", "c2"])
        await cluster.send("POST", configmaps, { metadata: { name, labels: { group: "c" } } });
      await cluster.send("POST", configmaps, { metadata: { name: "c3", labels: { group: "d" } } });
      assert.equal((await cluster.send("DELETE", `${configmaps}?labelSelector=group%3Dc`)).status, 200);
      const left = await cluster.send("GET", `${configmaps}?labelSelector=group`);
      assert.deepEqual(
        left.json.items.map((one: { metadata: { name: string } }) => one.metadata.name),
        ["c3"],
      );
    },
  },
  {
    title: "an object with a finalizer stays, marked, until the finalizer goes",
    async run(cluster) {
      const { configmaps } = paths(cluster);
      await cluster.send("POST", configmaps, {
        metadata: { name: "held", finalizers: ["example.com/hold"] },
      });
      const deleted = await cluster.send("DELETE", `${configmaps}/held`);
      assert.equal(deleted.json.kind, "ConfigMap");
      assert.ok(deleted.json.metadata.deletionTimestamp);
      assert.equal(deleted.json.metadata.deletionGracePeriodSeconds, 0);
      const more = { metadata: { finalizers: ["example.com/hold", "example.com/more"] } };
      assert.equal((await cluster.send("PATCH", `${configmaps}/held`, more, mergePatch)).status, 422);
      await cluster.send("PATCH", `${configmaps}/held`, { metadata: { finalizers: null } }, mergePatch);
      assert.equal((await cluster.send("GET", `${configmaps}/held`)).status, 404);
    },
  },
];
