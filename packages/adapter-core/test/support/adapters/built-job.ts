import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { type AgentRunSpec, buildJob } from "@paperclip-k8s/job-manifest";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils/types";
import { describeRun } from "../../../src/attempt/describe-run.ts";
import { workingDirectory } from "../../../src/environment/run-folders.ts";
import type { Connection } from "../../../src/host/connection.ts";
import { placeRun } from "../../../src/host/placement.ts";
import { selfPodOf } from "../../../src/host/self-pod.ts";
import { type AgentConfig, type AgentDefinition, type ConfigField, parseConfig } from "../../../src/index.ts";
import { fakeHost } from "../host.ts";

/** The pod of a Paperclip server, as predecessors ask for it: one claim, at /paperclip. */
export const paperclipPod: V1Pod = {
  metadata: { name: "paperclip-0", namespace: "paperclip" },
  spec: {
    imagePullSecrets: [{ name: "registry" }],
    nodeSelector: { pool: "servers" },
    tolerations: [{ key: "servers", operator: "Exists" }],
    containers: [
      {
        name: "paperclip",
        image: "example/paperclip:1",
        volumeMounts: [{ name: "data", mountPath: "/paperclip" }],
      },
    ],
    volumes: [{ name: "data", persistentVolumeClaim: { claimName: "paperclip-data" } }],
  },
};

/** What a config comes to, without a cluster. */
export interface BuiltJob<Own extends Record<string, ConfigField>> {
  readonly config: AgentConfig<Own>;
  readonly spec: AgentRunSpec;
  readonly job: V1Job;
}

/** The run and the Job of a stored config, on a host whose own pod is `paperclipPod`. */
export async function builtJob<Own extends Record<string, ConfigField>>(
  definition: AgentDefinition<Own>,
  raw: Readonly<Record<string, unknown>>,
  options: { context?: Readonly<Record<string, unknown>>; sessionId?: string | null } = {},
): Promise<BuiltJob<Own>> {
  const { context = {}, sessionId = null } = options;
  const parsed = parseConfig(definition, raw);
  if (!parsed.ok) throw new Error(parsed.message);
  const { config } = parsed;
  const host = fakeHost();
  const connection = { contextNamespace: null, selfPod: async () => selfPodOf(paperclipPod) };
  const placed = await placeRun({
    ...{ host, config, jobPrefix: definition.jobPrefix },
    connection: connection as unknown as Connection,
  });
  if (!placed.ok) throw new Error(placed.problems.join("; "));
  const agentId = "agent-1";
  const ctx: AdapterExecutionContext = {
    ...{ runId: "run-1", config: { ...raw }, context, onLog: async () => {} },
    agent: {
      ...{ id: agentId, companyId: "company-1", name: "Agent" },
      ...{ adapterType: definition.type, adapterConfig: {} },
    },
    runtime: { sessionId: null, sessionParams: null, sessionDisplayId: null, taskKey: null },
  };
  const { spec } = await describeRun({
    ...{ host, ctx, config, placement: placed.placement, sessionId, attempt: 1 },
    // Inside the core a definition is used with any config that its own schema has read.
    definition: definition as unknown as AgentDefinition,
    ...{ observer: { observe: () => {} }, leases: { keep: () => {} }, skills: { bundle: null, notes: [] } },
    workingDirectory: workingDirectory({ config, context, agentId }),
  });
  return { config, spec, job: buildJob(spec) };
}
