import { expect, test } from "vitest";
import { buildJob, JobManifestError } from "../../src/index.ts";
import { exampleSpec } from "../example-spec.ts";

const sub = exampleSpec().runDirectory;
const agent = (part: object) => ({ containers: [{ name: "agent", ...part }] });
const sidecar = (part: object) => ({ containers: [{ name: "mesh", image: "mesh:1", ...part }] });
const C0 = "podTemplate.spec.containers[0]";

/** The field that is refused, and the pod's spec that touches it. */
const OURS: [string, object][] = [
  ...["args", "command"].map((name): [string, object] => [`${C0}.${name}`, agent({ [name]: ["x"] })]),
  ...["image", "imagePullPolicy", "terminationMessagePath", "terminationMessagePolicy", "workingDir"].map(
    (name): [string, object] => [`${C0}.${name}`, agent({ [name]: "Always" })],
  ),
  ...["stdin", "stdinOnce", "tty"].map((name): [string, object] => [
    `${C0}.${name}`,
    agent({ [name]: true }),
  ]),
  ...["lifecycle", "livenessProbe", "startupProbe"].map((name): [string, object] => [
    `${C0}.${name}`,
    agent({ [name]: {} }),
  ]),
  [`${C0}.restartPolicy`, agent({ restartPolicy: "Always" })],
  [`${C0}.restartPolicyRules`, agent({ restartPolicyRules: [] })],
  [`${C0}.env[0].name`, agent({ env: [{ name: "HOME", value: "/x" }] })],
  [`${C0}.volumeMounts[0].name`, agent({ volumeMounts: [{ name: "paperclip", mountPath: "/all" }] })],
  [`${C0}.volumeMounts[0].name`, agent({ volumeMounts: [{ name: "run", mountPath: "/secret" }] })],
  [`${C0}.restartPolicy`, sidecar({ restartPolicy: "Always" })],
  ["podTemplate.spec.restartPolicy", { restartPolicy: "OnFailure" }],
  ["podTemplate.spec.terminationGracePeriodSeconds", { terminationGracePeriodSeconds: 1 }],
  ["podTemplate.spec.activeDeadlineSeconds", { activeDeadlineSeconds: 1 }],
  ["podTemplate.spec.serviceAccountName", { serviceAccountName: "admin" }],
  ["podTemplate.spec.serviceAccount", { serviceAccount: "admin" }],
  ["podTemplate.spec.automountServiceAccountToken", { automountServiceAccountToken: true }],
  ["podTemplate.spec.shareProcessNamespace", { shareProcessNamespace: true }],
  ["podTemplate.spec.hostPID", { hostPID: true }],
  ["podTemplate.spec.hostIPC", { hostIPC: true }],
  ["podTemplate.spec.nodeName", { nodeName: "n" }],
  ["podTemplate.spec.priority", { priority: 1 }],
  ["podTemplate.spec.ephemeralContainers", { ephemeralContainers: [] }],
  ["podTemplate.spec.securityContext.runAsUser", { securityContext: { runAsUser: 1001 } }],
  ["podTemplate.spec.securityContext.runAsGroup", { securityContext: { runAsGroup: 1001 } }],
  ["podTemplate.spec.securityContext.runAsNonRoot", { securityContext: { runAsNonRoot: false } }],
  ["podTemplate.spec.securityContext.windowsOptions", { securityContext: { windowsOptions: {} } }],
  [
    "podTemplate.spec.securityContext.sysctls[0].name",
    { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } },
  ],
  [`${C0}.securityContext.runAsUser`, agent({ securityContext: { runAsUser: 1001 } })],
  [`${C0}.securityContext.runAsGroup`, agent({ securityContext: { runAsGroup: 1 } })],
  [`${C0}.securityContext.runAsNonRoot`, agent({ securityContext: { runAsNonRoot: false } })],
];

test.each(OURS)("%s belongs to the run", (field, spec) => {
  const error = refusalOf({ podTemplate: { spec } });
  expect(error).toMatchObject({ code: "reserved_field", field });
  expect(error.message.startsWith(`${field} `)).toBe(true);
});

test.each([
  ["podTemplate.metadata.labels.example.com/agent-id", { labels: { "example.com/agent-id": "x" } }],
  [
    "podTemplate.metadata.labels.app.kubernetes.io/component",
    { labels: { "app.kubernetes.io/component": "x" } },
  ],
  [
    "podTemplate.metadata.labels.batch.kubernetes.io/job-name",
    { labels: { "batch.kubernetes.io/job-name": "x" } },
  ],
  ["podTemplate.metadata.annotations.example.com/run-id", { annotations: { "example.com/run-id": "x" } }],
])("K7 %s is reserved", (field, metadata) => {
  expect(refusalOf({ podTemplate: { metadata } })).toMatchObject({ code: "reserved_label", field });
});

test.each([
  ["podTemplate", "invalid_pod_option", 7],
  ["podTemplate.kind", "unknown_field", { kind: "Pod" }],
  ["podTemplate.metadata.name", "unknown_field", { metadata: { name: "x" } }],
  ["podTemplate.spec.contianers", "unknown_field", { spec: { contianers: [] } }],
  ["podTemplate.spec.constructor", "unknown_field", { spec: JSON.parse('{"constructor":{}}') }],
  ["podTemplate.spec.__proto__", "unknown_field", { spec: JSON.parse('{"__proto__":{}}') }],
  ["podTemplate.spec.volumes", "invalid_pod_option", { spec: { volumes: null } }],
  ["podTemplate.spec.containers", "invalid_pod_option", { spec: { containers: {} } }],
  ["podTemplate.spec.containers[0]", "invalid_pod_option", { spec: { containers: ["mesh"] } }],
  [`${C0}.image`, "invalid_pod_option", { spec: { containers: [{ name: "mesh" }] } }],
  [`${C0}.name`, "invalid_name", { spec: { containers: [{ name: "Mesh", image: "x" }] } }],
  [
    `${C0}.env[0].name`,
    "invalid_env_name",
    { spec: agent({ env: [{ name: "AGENT_RUN_EXIT", value: "/x" }] }) },
  ],
  [`${C0}.env[0].name`, "invalid_env_name", { spec: agent({ env: [{ name: "_agent", value: "x" }] }) }],
  [`${C0}.env[0].valueFrom`, "invalid_pod_option", { spec: agent({ env: [{ name: "A", valueFrom: {} }] }) }],
  [`${C0}.env[0].valeu`, "invalid_pod_option", { spec: agent({ env: [{ name: "A", valeu: "x" }] }) }],
  [
    `${C0}.volumeMounts[0].name`,
    "invalid_pod_option",
    { spec: agent({ volumeMounts: [{ name: "none", mountPath: "/x" }] }) },
  ],
  ...[
    "/paperclip/x",
    "/run/paperclip/files",
    "/run",
    "/tmp",
    "/dev/termination-log",
    "/proc/sys",
    "/dev",
  ].map((mountPath): [string, string, object] => [
    `${C0}.volumeMounts[0].mountPath`,
    "invalid_path",
    {
      spec: {
        volumes: [{ name: "x", emptyDir: {} }],
        ...agent({ volumeMounts: [{ name: "x", mountPath }] }),
      },
    },
  ]),
  [
    "podTemplate.spec.volumes[0].name",
    "invalid_pod_option",
    { spec: { volumes: [{ name: "run", emptyDir: {} }] } },
  ],
  [
    "podTemplate.spec.volumes[1].name",
    "invalid_pod_option",
    {
      spec: {
        volumes: [
          { name: "x", emptyDir: {} },
          { name: "x", emptyDir: {} },
        ],
      },
    },
  ],
  [
    "podTemplate.spec.initContainers[0].name",
    "invalid_pod_option",
    { spec: { initContainers: [{ name: "agent", image: "x" }] } },
  ],
  ["podTemplate.spec.hostname", "invalid_name", { spec: { hostname: "a.b" } }],
  [
    "podTemplate.spec.dnsConfig.nameservers",
    "invalid_pod_option",
    { spec: { dnsConfig: { nameservers: ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"] } } },
  ],
  [
    "podTemplate.spec.tolerations[0].operator",
    "invalid_pod_option",
    { spec: { tolerations: [{ operator: "In" }] } },
  ],
  [
    "podTemplate.spec.topologySpreadConstraints[0].maxSkew",
    "invalid_number",
    {
      spec: {
        topologySpreadConstraints: [{ maxSkew: 0, topologyKey: "a", whenUnsatisfiable: "DoNotSchedule" }],
      },
    },
  ],
  [
    `${C0}.resources.limits.nvidia.com/gpu`,
    "invalid_quantity",
    { spec: agent({ resources: { limits: { "nvidia.com/gpu": "500m" } } }) },
  ],
])("a wrong %s is refused as %s", (field, code, podTemplate) => {
  expect(refusalOf({ podTemplate })).toMatchObject({ code, field });
});

test("what is right by itself is refused where it is not beside the description's own fields", () => {
  const resources = { limits: { memory: "1Gi" } };
  const more = agent({ resources: { requests: { memory: "2Gi" } } });
  expect(refusalOf({ resources, podTemplate: { spec: more } })).toMatchObject({
    code: "invalid_quantity",
    field: "podTemplate.spec.containers[name=agent].resources.requests.memory",
  });
  const dnsConfig = { nameservers: ["1.1.1.1", "1.1.1.2", "1.1.1.3"] };
  const fourth = { dnsConfig: { nameservers: ["1.1.1.4"] } };
  expect(refusalOf({ dnsConfig, podTemplate: { spec: fourth } }).field).toBe(
    "podTemplate.spec.dnsConfig.nameservers",
  );
});

test.each([
  [`${C0}.volumeMounts[0].subPath`, sidecar({ volumeMounts: [{ name: "paperclip", mountPath: "/all" }] })],
  [
    `${C0}.volumeMounts[0].subPath`,
    sidecar({ volumeMounts: [{ name: "paperclip", mountPath: "/all", subPath: "instances" }] }),
  ],
  [
    `${C0}.volumeMounts[0].subPath`,
    sidecar({ volumeMounts: [{ name: "paperclip", mountPath: "/all", subPathExpr: "$(X)" }] }),
  ],
  [
    "podTemplate.spec.volumes[0].persistentVolumeClaim.claimName",
    { volumes: [{ name: "x", persistentVolumeClaim: { claimName: "shared" } }] },
  ],
])("K9 with sub-paths %s cannot show the rest of the volume", (field, spec) => {
  const volume = { ...exampleSpec().volume, subPaths: [sub] };
  expect(refusalOf({ volume, podTemplate: { spec } }).field).toBe(field);
  buildJob(exampleSpec({ podTemplate: { spec } as never }));
});

test("K9 with sub-paths an added volume cannot be the shared claim, and a sidecar may see what the run sees", () => {
  const volume = { ...exampleSpec().volume, subPaths: [sub] };
  const extraVolumes = [{ name: "x", persistentVolumeClaim: { claimName: "shared" } }];
  expect(refusalOf({ volume, extraVolumes }).field).toBe("extraVolumes[0].persistentVolumeClaim.claimName");
  const mount = { name: "paperclip", mountPath: "/logs", subPath: `${sub}/x` };
  buildJob(exampleSpec({ volume, podTemplate: { spec: sidecar({ volumeMounts: [mount] }) as never } }));
});

function refusalOf(changes: object): JobManifestError {
  let caught: unknown;
  try {
    buildJob(exampleSpec(changes));
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(JobManifestError);
  return caught as JobManifestError;
}
