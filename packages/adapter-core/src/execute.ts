import { JobManifestError } from "@paperclip-k8s/job-manifest";
import { KubeApiError } from "@paperclip-k8s/job-supervisor";
import type { AdapterExecutionContext, AdapterExecutionResult } from "@paperclipai/adapter-utils/types";
import { AdapterCoreError } from "./adapter-core-error.ts";
import type { AgentDefinition } from "./agent-definition.ts";
import { runAttempts } from "./attempt/run-attempts.ts";
import { parseConfig } from "./config/parse-config.ts";
import { hostApiUrl, listenForCancel } from "./host/cancellation.ts";
import { sharedCore } from "./host/core.ts";
import type { Host } from "./host/host.ts";
import { placeRun } from "./host/placement.ts";
import { supervisorFor } from "./host/supervisor-for.ts";
import { answerLateCancel } from "./result/late-cancel.ts";
import { notConfigured, unreachableResult } from "./result/to-result.ts";
import { describeSkills } from "./skills/skill-bundle.ts";

/** The way of a run, from the host's call to its result. Never throws for what a config or a cluster can do. */
export async function execute(
  definition: AgentDefinition,
  host: Host,
  ctx: AdapterExecutionContext,
): Promise<AdapterExecutionResult> {
  const parsed = parseConfig(definition, ctx.config);
  if (!parsed.ok) return notConfigured(parsed.message);
  const config = parsed.config;
  const core = sharedCore();
  const leave = core.enter();
  try {
    const connection = await core.connection(host, config.kubeconfig);
    const placed = await placeRun({ host, connection, config, jobPrefix: definition.jobPrefix });
    if (!placed.ok)
      return notConfigured(`${definition.label} is not configured: ${placed.problems.join("; ")}`);
    const { placement } = placed;
    const supervisor = supervisorFor({ core, host, placement, config });
    const { companyId } = ctx.agent;
    const skills = await describeSkills({ config, hostConfig: ctx.config, companyId });
    const cancellation = await listenForCancel(host, ctx, hostApiUrl(host.environment, config.env));
    try {
      const cancelled = cancellation.signal;
      const setting = { host, ctx, definition, config, placement, supervisor, skills, cancelled };
      return answerLateCancel(await runAttempts(setting), { cancelled, clock: host.clock });
    } finally {
      cancellation.stop();
    }
  } catch (error) {
    // Nothing has been made by then.
    if (error instanceof JobManifestError || error instanceof AdapterCoreError)
      return notConfigured(error.message);
    if (error instanceof KubeApiError) return unreachableResult(error.message);
    throw error;
  } finally {
    leave();
  }
}
