import type { RunIdentity, RunNaming } from "../agent-run-spec.ts";
import { labelValue } from "./label-value.ts";
import { instanceLabels } from "./labels.ts";

type SelectorNaming = Pick<RunNaming, "labelDomain" | "managedBy" | "instanceId">;

/** The parts of a run's identity that a selector may narrow by. */
export interface RunSelectorOptions
  extends Partial<Pick<RunIdentity, "adapterType" | "companyId" | "agentId" | "runId" | "taskId">> {
  readonly naming: SelectorNaming;
}

const NARROWING = [
  ["adapterType", "adapter-type"],
  ["companyId", "company-id"],
  ["agentId", "agent-id"],
  ["runId", "run-id"],
  ["taskId", "task-id"],
] as const;

/** Label selector for every Job and pod of one instance. */
export function instanceSelector(naming: SelectorNaming): string {
  return runSelector({ naming });
}

/**
 * Label selector for the Jobs and pods of one instance that belong to a company, an agent, a task
 * or a run. Ids are matched in the form that labels allow: compare the annotations of what comes back.
 */
export function runSelector(options: RunSelectorOptions): string {
  const { naming } = options;
  const narrowed = NARROWING.flatMap(([field, label]) => {
    const value = options[field];
    return value ? [[`${naming.labelDomain}/${label}`, labelValue(value)] as const] : [];
  });
  return [...Object.entries(instanceLabels(naming)), ...narrowed]
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
