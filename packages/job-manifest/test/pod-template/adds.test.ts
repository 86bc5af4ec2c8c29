import { expect, test } from "vitest";
import { buildJob, type PodTemplatePatch } from "../../src/index.ts";
import { exampleSpec, fullSpec } from "../example-spec.ts";

/** What an operator has with a mesh, a GPU, a policy that asks for labels, and a repository to fetch first. */
const podTemplate: PodTemplatePatch = {
  metadata: {
    labels: { "sidecar.istio.io/inject": "false", cost: "research" },
    annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" },
  },
  spec: {
    hostAliases: [{ ip: "10.0.0.1", hostnames: ["registry.internal"] }],
    hostname: "agent",
    initContainers: [
      {
        name: "fetch",
        image: "registry.example/git:1",
        command: ["git", "clone", "$(URL)", "/paperclip/work"],
        env: [{ name: "URL", value: "https://example.com/repo.git" }],
        volumeMounts: [{ name: "paperclip", mountPath: "/paperclip" }],
      },
      {
        name: "proxy",
        image: "registry.example/proxy:1",
        restartPolicy: "Always",
        ports: [{ containerPort: 15_001 }],
      },
    ],
    containers: [
      {
        name: "agent",
        env: [
          { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
          { name: "TEAM", value: "research" },
        ],
        resources: { limits: { "nvidia.com/gpu": "1" } },
        volumeMounts: [{ name: "shm", mountPath: "/dev/shm" }],
      },
      { name: "logs", image: "registry.example/logs:1" },
    ],
    volumes: [{ name: "shm", emptyDir: { medium: "Memory", sizeLimit: "1Gi" } }],
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" },
    ],
    priorityClassName: "agents",
    runtimeClassName: "nvidia",
    dnsConfig: { searches: ["example.com"] },
  },
};

test("what an operator adds stands beside the run's own", () => {
  const plain = buildJob(exampleSpec({ resources: { limits: { memory: "2Gi" } } })).spec!.template;
  const { metadata, spec } = buildJob(exampleSpec({ podTemplate, resources: { limits: { memory: "2Gi" } } }))
    .spec!.template;
  expect(metadata!.labels).toEqual({ ...plain.metadata!.labels, ...podTemplate.metadata!.labels });
  expect(metadata!.annotations).toEqual(podTemplate.metadata!.annotations);
  const agent = spec!.containers[0]!;
  const own = plain.spec!.containers[0]!;
  expect(agent.name).toBe("agent");
  expect(agent.command).toEqual(own.command);
  expect(agent.env).toEqual([...own.env!, ...podTemplate.spec!.containers![0]!.env!]);
  expect(agent.volumeMounts).toEqual([...own.volumeMounts!, { name: "shm", mountPath: "/dev/shm" }]);
  expect(agent.resources).toEqual({ limits: { memory: "2Gi", "nvidia.com/gpu": "1" } });
  expect(spec!.volumes).toEqual([...plain.spec!.volumes!, ...podTemplate.spec!.volumes!]);
  expect(spec!.containers.map(({ name }) => name)).toEqual(["agent", "logs"]);
  expect(spec).toMatchObject({
    hostname: "agent",
    hostAliases: podTemplate.spec!.hostAliases,
    tolerations: podTemplate.spec!.tolerations,
    topologySpreadConstraints: podTemplate.spec!.topologySpreadConstraints,
    priorityClassName: "agents",
    runtimeClassName: "nvidia",
    dnsConfig: { searches: ["example.com"] },
  });
});

test("a command of an added container is Kubernetes' own text: its references work", () => {
  const { initContainers } = buildJob(exampleSpec({ podTemplate })).spec!.template.spec!;
  expect(initContainers![0]!.command![2]).toBe("$(URL)");
});

test("an added container that says nothing of its security is as restricted as the agent", () => {
  const { containers, initContainers } = buildJob(exampleSpec({ podTemplate })).spec!.template.spec!;
  for (const container of [...containers, ...initContainers!]) {
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
  }
});

test("lists of named things are merged by name, maps by key, other lists are appended to without doubles", () => {
  const toleration = fullSpec().tolerations![0]!;
  const more = { key: "more", operator: "Exists" };
  const patch: PodTemplatePatch = {
    spec: {
      nodeSelector: { "kubernetes.io/os": "linux", disk: "ssd" },
      tolerations: [toleration, more],
      imagePullSecrets: [{ name: "pull" }, { name: "other" }],
      dnsConfig: { options: [{ name: "ndots", value: "2" }], nameservers: ["10.0.0.2"] },
      volumes: [{ name: "cache", emptyDir: { sizeLimit: "9Gi" } }],
      containers: [{ name: "agent", volumeMounts: [{ name: "cache", mountPath: "/cache", readOnly: true }] }],
    },
  };
  const pod = buildJob(fullSpec({ podTemplate: patch })).spec!.template.spec!;
  expect(pod.nodeSelector).toEqual({ "kubernetes.io/os": "linux", disk: "ssd" });
  expect(pod.tolerations).toEqual([toleration, more]);
  expect(pod.imagePullSecrets).toEqual([{ name: "pull" }, { name: "other" }]);
  expect(pod.dnsConfig).toEqual({ options: [{ name: "ndots", value: "2" }], nameservers: ["10.0.0.2"] });
  expect(pod.volumes!.filter(({ name }) => name === "cache")).toEqual([
    { name: "cache", emptyDir: { sizeLimit: "9Gi" } },
  ]);
  expect(pod.containers[0]!.volumeMounts!.filter(({ name }) => name === "cache")).toEqual([
    { name: "cache", mountPath: "/cache", readOnly: true },
  ]);
});

test("what is one value is replaced as a whole: the source of a volume, a kind of affinity", () => {
  const prefers = (key: string) => ({
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 1, preference: { matchExpressions: [{ key, operator: "Exists" }] } },
    ],
  });
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{}] } };
  const podTemplate = {
    spec: {
      affinity: { nodeAffinity: required },
      volumes: [{ name: "cache", configMap: { name: "cache" } }],
    },
  };
  const affinity = { nodeAffinity: prefers("gpu") };
  const pod = buildJob(fullSpec({ affinity, podTemplate })).spec!.template.spec!;
  expect(pod.affinity).toEqual({ nodeAffinity: required });
  expect(pod.volumes!.find(({ name }) => name === "cache")).toEqual(podTemplate.spec.volumes[0]);
});

test("a port for two protocols is two ports", () => {
  const ports = ["TCP", "UDP"].map((protocol) => ({ containerPort: 53, protocol }));
  const podTemplate = { spec: { containers: [{ name: "agent", ports }] } };
  expect(buildJob(exampleSpec({ podTemplate })).spec!.template.spec!.containers[0]!.ports).toEqual(ports);
});

test("one kind of affinity replaces that kind and leaves the others", () => {
  const zone = { topologyKey: "topology.kubernetes.io/zone" };
  const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [zone] } };
  const nodeAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: "gpu", operator: "Exists" }] }],
    },
  };
  const pod = buildJob(exampleSpec({ affinity, podTemplate: { spec: { affinity: { nodeAffinity } } } }));
  expect(pod.spec!.template.spec!.affinity).toEqual({ ...affinity, nodeAffinity });
});

test("the order of a template's keys does not matter", () => {
  const reversed = JSON.parse(JSON.stringify(podTemplate), (_key, value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).reverse())
      : value,
  );
  expect(JSON.stringify(buildJob(exampleSpec({ podTemplate: reversed })))).toBe(
    JSON.stringify(buildJob(exampleSpec({ podTemplate }))),
  );
});

test("a template that adds nothing changes nothing", () => {
  const empty = { metadata: { labels: {} }, spec: { containers: [{ name: "agent" }] } };
  expect(JSON.stringify(buildJob(exampleSpec({ podTemplate: {} })))).toBe(
    JSON.stringify(buildJob(exampleSpec())),
  );
  expect(JSON.stringify(buildJob(exampleSpec({ podTemplate: empty })))).toBe(
    JSON.stringify(buildJob(exampleSpec())),
  );
});
