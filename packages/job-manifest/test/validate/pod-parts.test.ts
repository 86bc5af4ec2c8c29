import { expect, test } from "vitest";
import { type AgentRunSpec, buildJob, type JobManifestError } from "../../src/index.ts";
import { exampleSpec } from "../example-spec.ts";

const wrong = (changes: object) => changes as Partial<AgentRunSpec>;
const inTemplate = (spec: object) => wrong({ podTemplate: { spec } });
const volumes = (source: object) => wrong({ extraVolumes: [{ name: "x", ...source }] });
const mounts = (mount: object) =>
  wrong({
    extraVolumes: [{ name: "x", emptyDir: {} }],
    extraVolumeMounts: [{ name: "x", mountPath: "/x", ...mount }],
  });
const sidecar = (part: object) => inTemplate({ containers: [{ name: "side", image: "x", ...part }] });
const term = (requirement: object) =>
  wrong({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [requirement] }],
        },
      },
    },
  });
const TERM = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
const spread = (...constraints: object[]) =>
  inTemplate({
    topologySpreadConstraints: constraints.map((part) => ({
      maxSkew: 1,
      topologyKey: "zone",
      whenUnsatisfiable: "ScheduleAnyway",
      ...part,
    })),
  });
const C = "podTemplate.spec.containers[0]";
const SPREAD = "podTemplate.spec.topologySpreadConstraints";

/** The field that the API server or the kubelet would refuse later, and a description that has it wrong. */
const REFUSED: [string, Partial<AgentRunSpec>][] = [
  ["image", { image: "Agent:1" }],
  ["resources.limits.gpu", { resources: { limits: { gpu: "1" } } }],
  ["resources.limits.nvidia.com/gpu", { resources: { limits: { "nvidia.com/gpu": "0.5" } } }],
  ["resources.requests.nvidia.com/gpu", { resources: { requests: { "nvidia.com/gpu": "1" } } }],
  [
    "resources.requests.nvidia.com/gpu",
    { resources: { requests: { "nvidia.com/gpu": "1" }, limits: { "nvidia.com/gpu": "2" } } },
  ],
  ["resources", { resources: { limits: { "hugepages-2Mi": "4Mi" } } }],
  ["resources.memory", wrong({ resources: { memory: "1Gi" } })],
  ["resources.requests", wrong({ resources: { requests: ["1Gi"] } })],
  [`${TERM}[0].matchExpressions[0].values`, term({ key: "a", operator: "In", values: [] })],
  [`${TERM}[0].matchExpressions[0].values`, term({ key: "a", operator: "Exists", values: ["b"] })],
  [`${TERM}[0].matchExpressions[0].values`, term({ key: "a", operator: "Gt", values: ["many"] })],
  [`${TERM}[0].matchExpressions[0].values[0]`, term({ key: "a", operator: "In", values: ["b c"] })],
  [`${TERM}[0].matchExpressions[0].operator`, term({ key: "a", operator: "Equals" })],
  [`${TERM}[0].matchExpressions[0].key`, term({ key: "a b", operator: "Exists" })],
  [
    TERM,
    {
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
      },
    },
  ],
  [
    `affinity.nodeAffinity.${PREFERRED}[0].weight`,
    { affinity: { nodeAffinity: { [PREFERRED]: [{ weight: 101, preference: {} }] } } },
  ],
  [
    `affinity.podAffinity.${PREFERRED}[0].podAffinityTerm.topologyKey`,
    wrong({ affinity: { podAffinity: { [PREFERRED]: [{ weight: 1, podAffinityTerm: {} }] } } }),
  ],
  ["affinity.nodeAfinity", wrong({ affinity: { nodeAfinity: {} } })],
  ["dnsConfig.nameservers[0]", { dnsConfig: { nameservers: ["dns.example"] } }],
  ["dnsConfig.nameservers[0]", { dnsConfig: { nameservers: ["fe80::1%eth0"] } }],
  ["dnsConfig.nameservers", { dnsConfig: { nameservers: ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"] } }],
  ["dnsConfig.searches[0]", { dnsConfig: { searches: ["Example.com"] } }],
  ["dnsConfig.searches", { dnsConfig: { searches: Array<string>(33).fill("a.example") } }],
  [
    "dnsConfig.searches",
    { dnsConfig: { searches: Array<string>(9).fill(`${"a".repeat(60)}.`.repeat(4).slice(0, -1)) } },
  ],
  ["dnsConfig.options[0].name", { dnsConfig: { options: [{ value: "1" }] } }],
  ["podTemplate.spec.hostAliases[0].ip", inTemplate({ hostAliases: [{ ip: "host", hostnames: [] }] })],
  [
    "podTemplate.spec.hostAliases[0].hostnames[0]",
    inTemplate({ hostAliases: [{ ip: "10.0.0.1", hostnames: ["a_b"] }] }),
  ],
  ["podTemplate.spec.subdomain", inTemplate({ subdomain: "a".repeat(64) })],
  ["podTemplate.spec.schedulerName", inTemplate({ schedulerName: "" })],
  ["podTemplate.spec.priorityClassName", inTemplate({ priorityClassName: "High" })],
  [`${SPREAD}[0].maxSkew`, spread({ maxSkew: 0 })],
  [`${SPREAD}[1]`, spread({}, {})],
  [`${SPREAD}[0].minDomains`, spread({ minDomains: 2 })],
  [`${SPREAD}[0].matchLabelKeys`, spread({ matchLabelKeys: ["a"] })],
  [
    "volume.subPaths[1]",
    {
      volume: { ...exampleSpec().volume, subPaths: [exampleSpec().runDirectory, exampleSpec().runDirectory] },
    },
  ],
  ["extraVolumes[0].secret.secretName", volumes({ secret: {} })],
  ["extraVolumes[0].secret.defaultMode", volumes({ secret: { secretName: "a", defaultMode: 0o1777 } })],
  [
    "extraVolumes[0].configMap.items[0].path",
    volumes({ configMap: { name: "a", items: [{ key: "a", path: "../b" }] } }),
  ],
  ["extraVolumes[0].persistentVolumeClaim.claimName", volumes({ persistentVolumeClaim: { claimName: "A" } })],
  ["extraVolumes[0].emptyDir.sizeLimit", volumes({ emptyDir: { sizeLimit: "1GB" } })],
  ["extraVolumes[0].emptyDir.medium", volumes({ emptyDir: { medium: "RAM" } })],
  ["extraVolumes[0].projected.sources[0].secret.name", volumes({ projected: { sources: [{ secret: {} }] } })],
  ["extraVolumes[0]", volumes({ emptyDir: {}, configMap: { name: "a" } })],
  ["extraVolumeMounts[0].mountPath", mounts({ mountPath: "/a/../b" })],
  ["extraVolumeMounts[0].subPath", mounts({ subPath: "../a" })],
  ["extraVolumeMounts[0].subPathExpr", mounts({ subPath: "a", subPathExpr: "$(A)" })],
  ["extraVolumeMounts[0].readonly", mounts({ readonly: true })],
  [
    `${C}.env[0].valueFrom.fieldRef.fieldPath`,
    sidecar({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.image" } } }] }),
  ],
  [
    `${C}.env[0].valueFrom.secretKeyRef.key`,
    sidecar({ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "a", key: "a/b" } } }] }),
  ],
  [
    `${C}.env[0].valueFrom`,
    sidecar({ env: [{ name: "A", value: "a", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } }] }),
  ],
  [`${C}.envFrom[0]`, sidecar({ envFrom: [{ prefix: "A_" }] })],
  [`${C}.readinessProbe`, sidecar({ readinessProbe: { periodSeconds: 1 } })],
  [`${C}.readinessProbe.exec.command`, sidecar({ readinessProbe: { exec: { command: [] } } })],
  [`${C}.readinessProbe.httpGet.port`, sidecar({ readinessProbe: { httpGet: { port: 70_000 } } })],
  [
    `${C}.readinessProbe.terminationGracePeriodSeconds`,
    sidecar({ readinessProbe: { tcpSocket: { port: "http" }, terminationGracePeriodSeconds: 1 } }),
  ],
  [
    `${C}.livenessProbe.successThreshold`,
    sidecar({ livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }),
  ],
  [`${C}.lifecycle.preStop`, sidecar({ lifecycle: { preStop: {} } })],
  [`${C}.ports[0].name`, sidecar({ ports: [{ containerPort: 80, name: "a-long-port-name" }] })],
  [
    `${C}.securityContext.seccompProfile.localhostProfile`,
    sidecar({ securityContext: { seccompProfile: { type: "Localhost" } } }),
  ],
  [
    `${C}.securityContext.capabilities.drop`,
    sidecar({ securityContext: { capabilities: { drop: ["NET_RAW"] } } }),
  ],
  [
    "podTemplate.spec.initContainers[0].readinessProbe",
    inTemplate({
      initContainers: [{ name: "init", image: "x", readinessProbe: { exec: { command: ["true"] } } }],
    }),
  ],
  ["command", wrong({ command: "agent-cli" })],
  ["tolerations", wrong({ tolerations: { key: "a" } })],
  ["tolerations[0]", wrong({ tolerations: ["a"] })],
  ["environment", wrong({ environment: null })],
  ["volume", wrong({ volume: undefined })],
  ["readOnlyRootFilesystem", wrong({ readOnlyRootFilesystem: "yes" })],
  ["podTemplates", wrong({ podTemplates: {} })],
];

test.each(REFUSED)("a wrong %s is refused by its name", (field, changes) => {
  let error: JobManifestError | undefined;
  try {
    buildJob(exampleSpec(changes));
  } catch (caught) {
    error = caught as JobManifestError;
  }
  expect(error).toMatchObject({ name: "JobManifestError", field });
  expect(error!.message).toMatch(/: ./);
});

test("a Job that does not fit into the API server is refused, with what takes the room", () => {
  const environment = Object.fromEntries([...Array(9000).keys()].map((index) => [`A${index}`, "v"]));
  expect(() => buildJob(exampleSpec({ environment }))).toThrow(
    /^the Job is [0-9]+ bytes, and at most 1048576 fit .*environment [0-9]{7}/,
  );
  const annotations = Object.fromEntries(
    [...Array(15).keys()].map((index) => [`a${index}`, "x".repeat(13_000)]),
  );
  const dollars = ["cli", ...Array<string>(3).fill("$".repeat(120_000))] as [string, ...string[]];
  expect(() => buildJob(exampleSpec({ annotations, command: dollars }))).toThrow(
    expect.objectContaining({ code: "job_too_large" }),
  );
});
