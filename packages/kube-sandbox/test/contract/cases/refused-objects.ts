import assert from "node:assert/strict";
import type { ContractCase } from "../cluster.ts";
import { mergePatch, paths } from "../manifests.ts";
import { refusal } from "../refusal.ts";

const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const template = { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "x" }] } };

export const refusedObjects: readonly ContractCase[] = [
  {
    title: "refuses bad names, labels and annotations with their causes",
    async run(cluster) {
      const { secrets } = paths(cluster);
      assert.match(
        await refusal(cluster, "POST", secrets, { metadata: {} }),
        /422 Invalid .*: Secret "" is invalid: metadata.name: Required value: name or generateName is required$/,
      );
      const bad = await cluster.send("POST", secrets, { metadata: { name: "A_b" } });
      assert.deepEqual(bad.json.details, {
        name: "A_b",
        kind: "Secret",
        causes: [
          {
            reason: "FieldValueInvalid",
            message: `Invalid value: "A_b": ${subdomain}`,
            field: "metadata.name",
          },
        ],
      });
      assert.equal(
        bad.json.message,
        `Secret "A_b" is invalid: metadata.name: Invalid value: "A_b": ${subdomain}`,
      );
      const labels = { "x y": "a b", ok: "x".repeat(64) };
      const labelled = await cluster.send("POST", secrets, {
        metadata: { name: "a", labels, annotations: { "b b": "x" } },
      });
      const causes: { field: string; message: string }[] = labelled.json.details.causes;
      // The real API walks the labels in an order of its own each time.
      assert.deepEqual(causes.map(({ field, message }) => `${field}: ${message.slice(0, 60)}`).sort(), [
        'metadata.annotations: Invalid value: "b b": name part must consist of alphanumeric',
        'metadata.labels: Invalid value: "a b": a valid label must be an empty string ',
        'metadata.labels: Invalid value: "x y": name part must consist of alphanumeric',
        `metadata.labels: Invalid value: "${"x".repeat(44)}`,
      ]);
    },
  },
  {
    title: "K2: refuses a Secret above 1 MiB and bad keys, and accepts exactly 1 MiB",
    async run(cluster) {
      const { secrets } = paths(cluster);
      const big = (bytes: number) => ({
        metadata: { name: `big-${bytes}` },
        stringData: { a: "x".repeat(bytes) },
      });
      assert.equal(
        await refusal(cluster, "POST", secrets, big(1_048_577)),
        '422 Invalid {"name":"big-1048577","kind":"Secret","causes":[{"reason":"FieldValueTooLong","message":"Too long: may not be more than 1048576 bytes","field":"data"}]}: Secret "big-1048577" is invalid: data: Too long: may not be more than 1048576 bytes',
      );
      assert.equal((await cluster.send("POST", `${secrets}?dryRun=All`, big(1_048_576))).status, 201);
      assert.match(
        await refusal(cluster, "POST", secrets, { metadata: { name: "b" }, stringData: { "a b": "1" } }),
        /Secret "b" is invalid: data\[a b\]: Invalid value: "a b": a valid config key must consist of/,
      );
    },
  },
  {
    title: "an immutable Secret keeps its data",
    async run(cluster) {
      const { secrets } = paths(cluster);
      await cluster.send("POST", secrets, {
        metadata: { name: "fixed" },
        stringData: { x: "y" },
        immutable: true,
      });
      assert.equal(
        await refusal(cluster, "PATCH", `${secrets}/fixed`, { stringData: { x: "n" } }, mergePatch),
        '422 Invalid {"name":"fixed","kind":"Secret","causes":[{"reason":"FieldValueForbidden","message":"Forbidden: field is immutable when `immutable` is set","field":"data"}]}: Secret "fixed" is invalid: data: Forbidden: field is immutable when `immutable` is set',
      );
      const relabelled = await cluster.send(
        "PATCH",
        `${secrets}/fixed`,
        { metadata: { labels: { a: "b" } } },
        mergePatch,
      );
      assert.equal(relabelled.status, 200);
    },
  },
  {
    title: "refuses unknown fields only when asked to be strict",
    async run(cluster) {
      const { secrets, pods } = paths(cluster);
      const body = { metadata: { name: "strict", foo: 1 }, bar: 2 };
      assert.equal(
        await refusal(cluster, "POST", `${secrets}?fieldValidation=Strict`, body),
        '400 BadRequest null: Secret in version "v1" cannot be handled as a Secret: strict decoding error: unknown field "metadata.foo", unknown field "bar"',
      );
      const pod = {
        metadata: { name: "b" },
        spec: { containers: [{ name: "a", image: "x", foo: 1 }], bar: 2 },
      };
      assert.equal(
        await refusal(cluster, "POST", `${pods}?fieldValidation=Strict&dryRun=All`, pod),
        '400 BadRequest null: Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].foo", unknown field "spec.bar"',
      );
      const lenient = await cluster.send("POST", `${secrets}?dryRun=All`, body);
      assert.equal(lenient.status, 201);
      assert.equal(lenient.json.bar, undefined);
    },
  },
  {
    title: "refuses Jobs that lack what they need, naming each field",
    async run(cluster) {
      const { jobs } = paths(cluster);
      assert.equal(
        (await cluster.send("POST", jobs, { metadata: { name: "b" } })).json.message,
        'Job.batch "b" is invalid: [spec.template.spec.containers: Required value, spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"]',
      );
      const always = { spec: { ...template.spec, restartPolicy: "Always" } };
      assert.equal(
        (
          await cluster.send("POST", jobs, {
            metadata: { name: "b" },
            spec: { podReplacementPolicy: "X", template: always },
          })
        ).json.message,
        'Job.batch "b" is invalid: [spec.podReplacementPolicy: Unsupported value: "X": supported values: "Failed", "TerminatingOrFailed", spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"]',
      );
      const long = "x".repeat(64);
      assert.equal(
        (await cluster.send("POST", jobs, { metadata: { name: long }, spec: { template } })).json.message,
        `Job.batch "${long}" is invalid: spec.template.labels: Invalid value: "${long}": must be no more than 63 characters`,
      );
      const limits = { cpu: "abc" };
      const bad = {
        spec: { ...template.spec, containers: [{ name: "a", image: "x", resources: { limits } }] },
      };
      assert.equal(
        await refusal(cluster, "POST", jobs, { metadata: { name: "b" }, spec: { template: bad } }),
        "400 BadRequest null: Job in version \"v1\" cannot be handled as a Job: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      );
    },
  },
  {
    title: "reports every bad field of a pod template, in the API's order",
    async run(cluster) {
      const spec = {
        restartPolicy: "Never",
        volumes: [
          { name: "V_1", emptyDir: {} },
          { name: "v2" },
          { name: "v3", emptyDir: {}, secret: { secretName: "x" } },
          { name: "v4", secret: {} },
        ],
        containers: [
          {
            name: "A",
            env: [
              { name: "", value: "b" },
              { name: "a=b" },
              { name: "d", valueFrom: {} },
              { name: "e", valueFrom: { fieldRef: { fieldPath: "spec.nope" } } },
              { name: "f", valueFrom: { secretKeyRef: { name: "x", key: "" } } },
            ],
            volumeMounts: [
              { name: "zz", mountPath: "/x" },
              { name: "v2", mountPath: "" },
              { name: "v2", mountPath: "/a", subPath: "../b" },
              { name: "v2", mountPath: "/a", subPath: "/b" },
            ],
            resources: { requests: { cpu: "2" }, limits: { cpu: "1" } },
          },
          { name: "A", image: "x", imagePullPolicy: "Q" },
        ],
      };
      const { json } = await cluster.send("POST", paths(cluster).jobs, {
        metadata: { name: "b" },
        spec: { backoffLimit: -1, activeDeadlineSeconds: -2, template: { spec } },
      });
      const causes = json.details.causes as { field: string; reason: string }[];
      assert.deepEqual(
        causes.map(
          ({ field, reason }) =>
            `${field.replace("spec.template.spec.", "")} ${reason.replace("FieldValue", "")}`,
        ),
        [
          "spec.activeDeadlineSeconds Invalid",
          "spec.backoffLimit Invalid",
          "volumes[0].name Invalid",
          "volumes[2].secret Forbidden",
          "volumes[3].secret.secretName Required",
          "containers[0].name Invalid",
          "containers[0].image Required",
          "containers[0].env[0].name Required",
          "containers[0].env[1].name Invalid",
          "containers[0].env[2].valueFrom Invalid",
          "containers[0].env[3].valueFrom.fieldRef.fieldPath Invalid",
          "containers[0].env[4].valueFrom.secretKeyRef.key Required",
          "containers[0].volumeMounts[0].name NotFound",
          "containers[0].volumeMounts[1].mountPath Required",
          "containers[0].volumeMounts.subPath Invalid",
          "containers[0].volumeMounts[3].mountPath Invalid",
          "containers[0].volumeMounts.subPath Invalid",
          "containers[0].resources.requests Invalid",
          "containers[1].name Invalid",
          "containers[1].imagePullPolicy NotSupported",
          "containers[1].name Duplicate",
        ],
      );
    },
  },
];
