import { expect, test } from "vitest";
import { type AgentRunSpec, buildJob, JobManifestError, validateRunSpec } from "../../src/index.ts";
import { exampleSpec, fullSpec } from "../example-spec.ts";

const { identity, naming, volume, bounds } = exampleSpec();
const wrong = (changes: object) => changes as Partial<AgentRunSpec>;
const readOnly = (path: string): Partial<AgentRunSpec> => ({
  volume: { ...volume, subPaths: [exampleSpec().runDirectory], readOnlySubPaths: [path] },
});

/** Field that the message must name, error code, and what is wrong. */
const REFUSED: [string, string, Partial<AgentRunSpec>][] = [
  ["identity.companyId", "invalid_id", { identity: { ...identity, companyId: "../x" } }],
  ["identity.agentId", "invalid_id", { identity: { ...identity, agentId: "a b" } }],
  ["identity.runId", "invalid_id", { identity: { ...identity, runId: "x".repeat(201) } }],
  ["identity.adapterType", "invalid_id", { identity: { ...identity, adapterType: "" } }],
  ["identity.sessionId", "invalid_id", { identity: { ...identity, sessionId: "x".repeat(5000) } }],
  ["identity.taskId", "invalid_text", { identity: { ...identity, taskId: "\ud800" } }],
  ["identity.attempt", "invalid_number", { identity: { ...identity, attempt: 0 } }],
  ["naming.jobPrefix", "invalid_name", { naming: { ...naming, jobPrefix: "ex" } }],
  ["naming.jobPrefix", "invalid_name", { naming: { ...naming, jobPrefix: `${"x".repeat(18)}-` } }],
  ["naming.labelDomain", "invalid_name", { naming: { ...naming, labelDomain: "Example.com" } }],
  ["naming.managedBy", "invalid_label", { naming: { ...naming, managedBy: "" } }],
  ["naming.instanceId", "invalid_label", { naming: { ...naming, instanceId: "-" } }],
  ["namespace", "invalid_name", { namespace: "a.b" }],
  ["image", "invalid_name", { image: "" }],
  ["imagePullPolicy", "invalid_pod_option", wrong({ imagePullPolicy: "Sometimes" })],
  ["imagePullSecrets[0]", "invalid_name", { imagePullSecrets: ["A"] }],
  ["serviceAccountName", "invalid_name", { serviceAccountName: "" }],
  ["priorityClassName", "invalid_name", { priorityClassName: "a_b" }],
  ["runtimeClassName", "invalid_name", { runtimeClassName: "-" }],
  ["volume.claimName", "invalid_name", { volume: { ...volume, claimName: "A" } }],
  ["kueueQueue", "invalid_label", { kueueQueue: "" }],
  ["command[0]", "invalid_text", { command: ["-c"] }],
  ["command[0]", "invalid_text", { command: [""] }],
  ["command[1]", "invalid_text", { command: ["cli", "a\0b"] }],
  ["command[1]", "string_too_long", { command: ["cli", "x".repeat(131_072)] }],
  ["command", "string_too_long", { command: ["cli", ...Array<string>(5).fill("x".repeat(120_000))] }],
  ["prompt", "invalid_text", wrong({ prompt: 7 })],
  ["environment.A-B", "invalid_env_name", { environment: { "A-B": "" } }],
  ["environment.AGENT_RUN_EXIT", "invalid_env_name", { environment: { AGENT_RUN_EXIT: "/x" } }],
  ["environment._status", "invalid_env_name", { environment: { _status: "0" } }],
  ["environment.A", "invalid_text", { environment: { A: "\0" } }],
  ["environment.BIG", "string_too_long", { environment: { BIG: "x".repeat(131_072 - 4) } }],
  ["files...", "invalid_path", { files: { "..": "" } }],
  ["files.a/b", "invalid_path", { files: { "a/b": "" } }],
  ["workingDirectory", "invalid_path", { workingDirectory: "work" }],
  ["volume.mountPath", "invalid_path", { volume: { ...volume, mountPath: "/a/../b" } }],
  ["volume.mountPath", "invalid_path", { volume: { ...volume, mountPath: "/" } }],
  ["volume.mountPath", "invalid_path", { volume: { ...volume, mountPath: "/a:b" } }],
  ["secretMountPath", "invalid_path", { secretMountPath: "/paperclip/run" }],
  ["tmpMountPath", "invalid_path", { tmpMountPath: "/paperclip/tmp" }],
  ["runDirectory", "invalid_path", { runDirectory: "../x" }],
  ["runDirectory", "invalid_path", { runDirectory: "/x" }],
  ["volume.subPaths", "invalid_path", { volume: { ...volume, subPaths: ["other"] } }],
  ["volume.subPaths[0]", "invalid_path", { volume: { ...volume, subPaths: ["a//b"] } }],
  ["volume.readOnlySubPaths[0]", "invalid_path", readOnly("other")],
  ["volume.readOnlySubPaths[0]", "invalid_path", readOnly(exampleSpec().runDirectory)],
  ["volume.readOnlySubPaths[0]", "invalid_path", wrong({ volume: { ...volume, readOnlySubPaths: ["a"] } })],
  ["volume.readOnlySubPaths", "invalid_pod_option", wrong({ volume: { ...volume, readOnlySubPaths: "a" } })],
  ["extraVolumes[0].name", "invalid_pod_option", { extraVolumes: [{ name: "run", emptyDir: {} }] }],
  // Configs are JSON: what should be a name may be anything, or missing.
  ["extraVolumes[0].name", "invalid_pod_option", wrong({ extraVolumes: [{}] })],
  [
    "extraVolumeMounts[0].mountPath",
    "invalid_pod_option",
    wrong({ extraVolumes: [{ name: "x", emptyDir: {} }], extraVolumeMounts: [{ name: "x" }] }),
  ],
  ["tolerations[0].key", "invalid_pod_option", wrong({ tolerations: [{ key: 5 }] })],
  ["extraVolumes[0]", "invalid_pod_option", { extraVolumes: [{ name: "x" }] }],
  ["extraVolumes[0].hostPath", "security_floor", { extraVolumes: [{ name: "x", hostPath: { path: "/" } }] }],
  ["extraVolumeMounts[0].name", "reserved_field", { extraVolumeMounts: [{ name: "tmp", mountPath: "/x" }] }],
  [
    "extraVolumeMounts[0].mountPath",
    "invalid_path",
    {
      extraVolumes: [{ name: "x", emptyDir: {} }],
      extraVolumeMounts: [{ name: "x", mountPath: "/paperclip/a" }],
    },
  ],
  ["user.uid", "root_user", { user: { uid: 0, gid: 1 } }],
  ["user.gid", "root_user", { user: { uid: 1, gid: 0 } }],
  ["user.uid", "invalid_number", { user: { uid: 1.5, gid: 1 } }],
  ["bounds.graceSec", "invalid_number", { bounds: { ...bounds, graceSec: -1 } }],
  ["bounds.timeoutSec", "invalid_number", { bounds: { ...bounds, timeoutSec: Number.NaN } }],
  ["bounds.leaseSec", "invalid_number", { bounds: { ...bounds, leaseSec: 0.5 } }],
  ["ttlSecondsAfterFinished", "invalid_number", { ttlSecondsAfterFinished: -1 }],
  ["resources.requests.cpu", "invalid_quantity", { resources: { requests: { cpu: "half" } } }],
  ["resources.limits.memory", "invalid_quantity", { resources: { limits: { memory: "1GB" } } }],
  ["resources.limits.cpu", "invalid_quantity", { resources: { limits: { cpu: "-1" } } }],
  [
    "resources.requests.memory",
    "invalid_quantity",
    { resources: { requests: { memory: "1025Mi" }, limits: { memory: "1Gi" } } },
  ],
  ["nodeSelector.a b", "invalid_label", { nodeSelector: { "a b": "c" } }],
  ["nodeSelector.a", "invalid_label", { nodeSelector: { a: "c d" } }],
  ["tolerations[0].operator", "invalid_pod_option", { tolerations: [{ key: "a", operator: "In" }] }],
  ["tolerations[0].key", "invalid_pod_option", { tolerations: [{ operator: "Equal" }] }],
  ["tolerations[0].value", "invalid_pod_option", { tolerations: [{ operator: "Exists", value: "x" }] }],
  ["tolerations[0].effect", "invalid_pod_option", { tolerations: [{ key: "a", effect: "Never" }] }],
  [
    "tolerations[0].tolerationSeconds",
    "invalid_pod_option",
    { tolerations: [{ key: "a", tolerationSeconds: 1 }] },
  ],
  ["labels.a b", "invalid_label", { labels: { "a b": "c" } }],
  ["labels.a", "invalid_label", { labels: { a: "$(id)" } }],
  ["labels.example.com/run-id", "reserved_label", { labels: { "example.com/run-id": "x" } }],
  [
    "labels.app.kubernetes.io/component",
    "reserved_label",
    { labels: { "app.kubernetes.io/component": "x" } },
  ],
  ["labels.kueue.x-k8s.io/queue-name", "reserved_label", { labels: { "kueue.x-k8s.io/queue-name": "x" } }],
  [
    "labels.batch.kubernetes.io/job-name",
    "reserved_label",
    { labels: { "batch.kubernetes.io/job-name": "x" } },
  ],
  ["annotations.example.com/run-id", "reserved_label", { annotations: { "example.com/run-id": "x" } }],
  ["annotations", "invalid_label", { annotations: { big: "x".repeat(201 * 1024) } }],
];

test.each(REFUSED)("a wrong %s is refused as %s", (field, code, changes) => {
  let error: unknown;
  try {
    buildJob(exampleSpec(changes));
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(JobManifestError);
  expect(error).toMatchObject({ code, field });
  expect((error as Error).message).toMatch(/:|wanted/);
  expect((error as Error).message.length).toBeLessThan(700);
});

test("K3 a message names a variable and never shows its value", () => {
  const environment = { KEY: `sk-secret${"x".repeat(140_000)}` };
  expect(() => validateRunSpec(exampleSpec({ environment }))).toThrow(/^environment\.KEY is 140009 bytes/);
  expect(() => validateRunSpec(exampleSpec({ environment }))).not.toThrow(/sk-secret/);
});

test("K2 the largest variable and argument that the kernel takes are accepted", () => {
  const environment = { BIG: "x".repeat(128 * 1024 - 5) };
  validateRunSpec(exampleSpec({ environment, command: ["cli", "x".repeat(128 * 1024 - 1)] }));
});

test("complete and plain descriptions are accepted", () => {
  validateRunSpec(exampleSpec());
  validateRunSpec(fullSpec());
});

test.each([
  ["100m", "1"],
  ["0.5", "500m"],
  ["1Gi", "1.1G"],
  ["1e3", "1k"],
  ["1024Ki", "1Mi"],
  [".5", "1"],
])("a request of %s fits a limit of %s", (request, limit) => {
  validateRunSpec(exampleSpec({ resources: { requests: { memory: request }, limits: { memory: limit } } }));
});

test("K7 a user's label stands beside ours, on the Job and its pod", () => {
  const labels = { team: "blue" };
  const job = buildJob(exampleSpec({ labels }));
  expect(job.metadata!.labels).toMatchObject({ team: "blue", "app.kubernetes.io/managed-by": "example" });
  expect(job.spec!.template.metadata!.labels).toEqual(job.metadata!.labels);
});
