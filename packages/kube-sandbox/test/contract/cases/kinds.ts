import assert from "node:assert/strict";
import type { ContractCase } from "../cluster.ts";
import { mergePatch, paths } from "../manifests.ts";
import { why } from "../refusal.ts";
import { isGone } from "../watching.ts";

export const kindsOfObjects: readonly ContractCase[] = [
  {
    title: "a Lease is made by its first PUT too, and held by the version of the one who read it",
    async run(cluster) {
      const leases = `/apis/coordination.k8s.io/v1/namespaces/${cluster.namespace}/leases`;
      const spec = {
        holderIdentity: "a",
        leaseDurationSeconds: 15,
        renewTime: "2026-01-01T00:00:00.000000Z",
      };
      const made = await cluster.send("PUT", `${leases}/held`, { metadata: { name: "held" }, spec });
      assert.deepEqual([made.status, made.json.spec], [201, spec]);
      const next = { ...made.json, spec: { ...spec, holderIdentity: "b" } };
      assert.equal((await cluster.send("PUT", `${leases}/held`, next)).status, 200);
      const late = await cluster.send("PUT", `${leases}/held`, next);
      assert.deepEqual([late.status, late.json.reason], [409, "Conflict"]);
      const none = { metadata: { name: "none" }, spec: { leaseDurationSeconds: 0 } };
      assert.equal(
        await why(cluster, "POST", leases, none),
        '422 Lease.coordination.k8s.io "none" is invalid: spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
      );
      assert.match(
        await why(cluster, "POST", leases, { metadata: { name: "x" }, spec: { renewTime: "soon" } }),
        /^400 Lease in version "v1" cannot be handled as a Lease: parsing time "soon" as /,
      );
    },
  },
  {
    title: "an Event is told of its object, and found by it",
    async run(cluster) {
      const { events } = paths(cluster);
      const involvedObject = { kind: "Pod", namespace: cluster.namespace, name: "told", uid: "u-1" };
      const event = {
        metadata: { name: "told.1" },
        involvedObject,
        reason: "Told",
        message: "m",
        type: "Normal",
      };
      const made = await cluster.send("POST", events, event);
      assert.equal(made.status, 201, made.text);
      const { firstTimestamp, lastTimestamp, eventTime, source, reportingComponent } = made.json;
      assert.deepEqual(
        [firstTimestamp, lastTimestamp, eventTime, source, reportingComponent],
        [null, null, null, {}, ""],
      );
      for (const selector of [
        "involvedObject.uid=u-1",
        "involvedObject.name=told,reason=Told",
        "involvedObject.kind=Pod,involvedObject.uid=u-1,type!=Warning",
      ]) {
        const { json } = await cluster.send("GET", `${events}?fieldSelector=${encodeURIComponent(selector)}`);
        assert.deepEqual(
          json.items.map((one: { message: string }) => one.message),
          ["m"],
          selector,
        );
      }
      const elsewhere = {
        ...event,
        metadata: { name: "x" },
        involvedObject: { ...involvedObject, namespace: "other" },
      };
      assert.match(
        await why(cluster, "POST", events, elsewhere),
        /^422 Event "x" is invalid: involvedObject.namespace: Invalid value: "other": does not match event.namespace$/,
      );
    },
  },
  {
    title:
      "a namespace is made with its labels, takes nothing new while it ends, and goes with what is in it",
    async run(cluster) {
      const name = `${cluster.namespace}-ends`;
      const at = `/api/v1/namespaces/${name}`;
      const made = await cluster.send("POST", "/api/v1/namespaces", { metadata: { name } });
      assert.deepEqual(
        [made.json.status, made.json.spec, made.json.metadata.labels],
        [{ phase: "Active" }, { finalizers: ["kubernetes"] }, { "kubernetes.io/metadata.name": name }],
      );
      const held = { metadata: { name: "held", finalizers: ["example.com/hold"] } };
      await cluster.send("POST", `${at}/configmaps`, held);
      const gone = cluster.watch(`/api/v1/namespaces?watch=1&fieldSelector=metadata.name%3D${name}`, isGone);
      const deleted = await cluster.send("DELETE", at);
      assert.deepEqual([deleted.status, deleted.json.status.phase], [200, "Terminating"]);
      const late = await cluster.send("POST", `${at}/configmaps`, { metadata: { name: "late" } });
      assert.deepEqual(
        [late.status, late.json.reason, late.json.details.causes?.[0].reason],
        [403, "Forbidden", "NamespaceTerminating"],
      );
      assert.equal(
        late.json.message,
        `configmaps "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
      );
      await cluster.send("PATCH", `${at}/configmaps/held`, { metadata: { finalizers: null } }, mergePatch);
      await gone;
      assert.equal((await cluster.send("GET", at)).status, 404);
      assert.match(
        await why(cluster, "POST", "/api/v1/namespaces", { metadata: { name: "x".repeat(64) } }),
        /^422 .*must be no more than 63 characters/,
      );
    },
  },
  {
    title: "a claim's spec does not change, and a service account is there from the start",
    async run(cluster) {
      const { claims } = paths(cluster);
      const spec = {
        accessModes: ["ReadWriteMany"],
        storageClassName: "",
        resources: { requests: { storage: "1Gi" } },
      };
      await cluster.send("POST", claims, { metadata: { name: "fixed" }, spec });
      const changed = { spec: { accessModes: ["ReadWriteOnce"] } };
      assert.match(
        await why(cluster, "PATCH", `${claims}/fixed`, changed, mergePatch),
        /^422 PersistentVolumeClaim "fixed" is invalid: spec: Forbidden: spec is immutable after creation except /,
      );
      assert.match(
        await why(cluster, "POST", claims, { metadata: { name: "empty" }, spec: {} }),
        /^422 PersistentVolumeClaim "empty" is invalid: \[spec.accessModes: Required value: at least 1 access mode is required, spec.resources\[storage\]: Required value\]$/,
      );
      await cluster.send("DELETE", `${claims}/fixed`);
      const account = `/api/v1/namespaces/${cluster.namespace}/serviceaccounts/default`;
      assert.equal((await cluster.send("GET", account)).status, 200);
    },
  },
  {
    title: "tables have the columns of each kind, for kubectl",
    async run(cluster) {
      const { secrets, jobs, pods, configmaps, claims, events } = paths(cluster);
      const accept = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" };
      const columns = async (path: string) => {
        const { json } = await cluster.send("GET", `${path}?limit=1`, undefined, accept);
        assert.deepEqual([json.kind, json.apiVersion], ["Table", "meta.k8s.io/v1"]);
        return json.columnDefinitions
          .map((one: { name: string; priority: number }) => (one.priority === 0 ? one.name : `(${one.name})`))
          .join(", ");
      };
      assert.equal(
        await columns(pods),
        "Name, Ready, Status, Restarts, Age, (IP), (Node), (Nominated Node), (Readiness Gates)",
      );
      assert.equal(
        await columns(jobs),
        "Name, Status, Completions, Duration, Age, (Containers), (Images), (Selector)",
      );
      assert.equal(await columns(secrets), "Name, Type, Data, Age");
      assert.equal(await columns(configmaps), "Name, Data, Age");
      assert.equal(
        await columns(claims),
        "Name, Status, Volume, Capacity, Access Modes, StorageClass, VolumeAttributesClass, Age, (VolumeMode)",
      );
      assert.equal(
        await columns(events),
        "Last Seen, Type, Reason, Object, (Subobject), (Source), Message, (First Seen), (Count), (Name)",
      );
      assert.equal(await columns("/api/v1/namespaces"), "Name, Status, Age");
      await cluster.send("POST", secrets, { metadata: { name: "shown" }, stringData: { a: "1", b: "2" } });
      const { json } = await cluster.send("GET", `${secrets}/shown`, undefined, accept);
      const { cells, object } = json.rows[0];
      assert.deepEqual(cells.slice(0, 3), ["shown", "Opaque", 2]);
      assert.match(cells[3], /^\d+s$/);
      assert.deepEqual([object.kind, object.metadata.name], ["PartialObjectMetadata", "shown"]);
    },
  },
];
