import { randomUUID } from "node:crypto";
import { buildJob } from "@paperclip-k8s/job-manifest";
import { isKubeApiError } from "@paperclip-k8s/job-supervisor";
import type {
  AdapterEnvironmentCheck,
  AdapterEnvironmentTestContext,
} from "@paperclipai/adapter-utils/types";
import type { AgentDefinition } from "../agent-definition.ts";
import { describeRun } from "../attempt/describe-run.ts";
import type { CoreConfig } from "../config/core-config.ts";
import { workingDirectory } from "../environment/run-folders.ts";
import { sharedCore } from "../host/core.ts";
import type { Host } from "../host/host.ts";
import type { Placement } from "../host/placement.ts";
import { failed, messageOf, passed } from "./check.ts";

/** Offers the API server the very Job that a run of this config would have, without making it. */
export async function checkDryRun(options: {
  host: Host;
  definition: AgentDefinition;
  config: CoreConfig;
  placement: Placement;
  ctx: AdapterEnvironmentTestContext;
}): Promise<AdapterEnvironmentCheck> {
  const { host, definition, config, placement, ctx } = options;
  const { namespace, connection } = placement;
  const agent = {
    id: randomUUID(),
    companyId: ctx.companyId,
    name: "probe",
    adapterType: definition.type,
    adapterConfig: {},
  };
  const run = {
    runId: randomUUID(),
    agent,
    runtime: { sessionId: null, sessionParams: null, sessionDisplayId: null, taskKey: null },
    config: ctx.config,
    context: {},
    onLog: async () => {},
  };
  try {
    const described = await describeRun({
      host,
      ctx: run,
      definition,
      config,
      placement,
      observer: sharedCore().recordObserver(host),
      leases: sharedCore().leaseKeeper(host),
      workingDirectory: workingDirectory({ config, context: {}, agentId: agent.id }),
      skills: { bundle: null, notes: [] },
      sessionId: null,
      attempt: 1,
    });
    const path = `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`;
    const query = { dryRun: "All", fieldValidation: "Strict" };
    await connection.transport.json({ method: "POST", path, query, body: buildJob(described.spec) });
    return passed("dry_run", "The API server accepts the Job that a run would have.");
  } catch (error) {
    const hint = isKubeApiError(error, "not_found")
      ? `Create the namespace ${namespace}, or set another one in namespace.`
      : "Correct the field that the message names, or the cluster's rule.";
    return failed("dry_run", "The Job that a run would have cannot be made.", hint, messageOf(error));
  }
}
