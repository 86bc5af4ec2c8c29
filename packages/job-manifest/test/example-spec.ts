import type { AgentRunSpec } from "../src/index.ts";

/** A complete description of a run, for tests to vary. */
export function exampleSpec(changes: Partial<AgentRunSpec> = {}): AgentRunSpec {
  return {
    identity: {
      adapterType: "example_k8s",
      companyId: "c0ffee00-1111-4222-8333-444455556666",
      agentId: "a9e17000-1111-4222-8333-444455556666",
      runId: "b0b0b0b0-1111-4222-8333-444455556666",
      taskId: "task-17",
      sessionId: null,
      attempt: 1,
    },
    naming: { jobPrefix: "ex-", labelDomain: "example.com", managedBy: "example", instanceId: "0123456789" },
    namespace: "agents",
    image: "registry.example/agent:1",
    command: ["agent-cli", "--print", "-"],
    workingDirectory: "/paperclip/work",
    prompt: "Say hello.",
    environment: { HOME: "/paperclip", API_KEY: "sk-secret" },
    volume: { claimName: "shared", mountPath: "/paperclip" },
    runDirectory:
      "instances/default/run-logs/c0ffee00-1111-4222-8333-444455556666/a9e17000-1111-4222-8333-444455556666",
    user: { uid: 1000, gid: 1000 },
    bounds: { schedulingSec: 300, imagePullSec: 900, startSec: 120, timeoutSec: 0, graceSec: 30 },
    ttlSecondsAfterFinished: 300,
    ...changes,
  };
}

/** A description with everything that can be configured. */
export function fullSpec(changes: Partial<AgentRunSpec> = {}): AgentRunSpec {
  const base = exampleSpec();
  return {
    ...base,
    identity: { ...base.identity, sessionId: "session with spaces", attempt: 2 },
    imagePullPolicy: "IfNotPresent",
    imagePullSecrets: ["pull"],
    serviceAccountName: "agent",
    command: ["agent-cli", "$(API_KEY)", "$$", "it's"],
    files: { "mcp.json": "{}", instructions: "Be kind." },
    volume: {
      claimName: "shared",
      mountPath: "/paperclip",
      subPaths: [base.runDirectory, "instances/default/workspaces/one"],
    },
    readOnlyRootFilesystem: true,
    bounds: { ...base.bounds, timeoutSec: 3600, leaseSec: 120 },
    ttlSecondsAfterFinished: null,
    resources: {
      requests: { cpu: "500m", memory: "1Gi" },
      limits: { memory: "2Gi", "ephemeral-storage": "5Gi" },
    },
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: [{ key: "agents", operator: "Exists", effect: "NoSchedule" }],
    affinity: { podAntiAffinity: {} },
    priorityClassName: "low",
    runtimeClassName: "sandboxed",
    dnsConfig: { options: [{ name: "ndots", value: "1" }] },
    extraVolumes: [{ name: "cache", emptyDir: { sizeLimit: "1Gi" } }],
    extraVolumeMounts: [{ name: "cache", mountPath: "/cache" }],
    labels: { team: "blue" },
    annotations: { "sidecar.example/inject": "false" },
    kueueQueue: "agents",
    ...changes,
  };
}
