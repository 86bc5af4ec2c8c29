import type { JobSupervisor } from "@paperclip-k8s/job-supervisor";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils/types";
import type { AgentDefinition } from "../agent-definition.ts";
import type { CoreConfig } from "../config/core-config.ts";
import { firstText } from "../environment/context-values.ts";
import type { Host } from "../host/host.ts";
import type { Placement } from "../host/placement.ts";
import type { RunSkills } from "../skills/skill-bundle.ts";

/** Everything about a run that does not change between its attempts. */
export interface RunSetting {
  readonly host: Host;
  readonly ctx: AdapterExecutionContext;
  readonly definition: AgentDefinition;
  readonly config: CoreConfig;
  readonly placement: Placement;
  readonly supervisor: JobSupervisor;
  readonly skills: RunSkills;
  readonly cancelled: AbortSignal;
}

/** The session that an attempt resumes. */
export interface ResumedSession {
  /** Null for a fresh one. */
  readonly sessionId: string | null;
  /** What the session had cost before the attempt, in US dollars; null where that is not known. */
  readonly resumedCostUsd: number | null;
}

/** The run that this one retries, where the host says so. */
export function retryOf(ctx: Pick<AdapterExecutionContext, "context">): string | null {
  return firstText(ctx.context["retryOfRunId"], ctx.context["previousRunId"]);
}
