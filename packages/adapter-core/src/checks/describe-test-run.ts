import { randomUUID } from "node:crypto";
import type { AdapterEnvironmentTestContext } from "@paperclipai/adapter-utils/types";
import type { AgentDefinition } from "../agent-definition.ts";
import { type DescribedRun, describeRun } from "../attempt/describe-run.ts";
import type { CoreConfig } from "../config/core-config.ts";
import { workingDirectory } from "../environment/run-folders.ts";
import { sharedCore } from "../host/core.ts";
import type { Host } from "../host/host.ts";
import type { Placement } from "../host/placement.ts";

/** A config that is to be tested, and where its runs would go. */
export interface TestedConfig {
  readonly host: Host;
  readonly definition: AgentDefinition;
  readonly config: CoreConfig;
  readonly placement: Placement;
  readonly ctx: AdapterEnvironmentTestContext;
}

/** A run as this config would make it, of an agent that nobody has: none of its folders is another's. */
export interface TestRun extends DescribedRun {
  readonly agentId: string;
}

/**
 * Describes the run. Makes nothing.
 *
 * @throws JobManifestError, AdapterCoreError for what no run could be made of
 */
export async function describeTestRun(tested: TestedConfig): Promise<TestRun> {
  const { host, definition, config, ctx } = tested;
  const agent = {
    id: randomUUID(),
    companyId: ctx.companyId,
    name: "test",
    adapterType: definition.type,
    adapterConfig: {},
  };
  const described = await describeRun({
    ...tested,
    ctx: {
      runId: randomUUID(),
      agent,
      runtime: { sessionId: null, sessionParams: null, sessionDisplayId: null, taskKey: null },
      config: ctx.config,
      context: {},
      onLog: async () => {},
    },
    observer: sharedCore().recordObserver(host),
    leases: sharedCore().leaseKeeper(host),
    workingDirectory: workingDirectory({ config, context: {}, agentId: agent.id }),
    skills: { bundle: null, notes: [] },
    sessionId: null,
    attempt: 1,
  });
  return { ...described, agentId: agent.id };
}
