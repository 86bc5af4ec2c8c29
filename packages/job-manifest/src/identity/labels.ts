import type { AgentRunSpec, RunNaming } from "../agent-run-spec.ts";
import { labelValue, sha256 } from "./label-value.ts";

/** The version of the protocol between host and pod that this package speaks. */
export const PROTOCOL = "1";

/** Who made a Job: a well-known label. */
export const MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
/** What a Job is for: a well-known label. */
export const COMPONENT_LABEL = "app.kubernetes.io/component";
/** The value of {@link COMPONENT_LABEL} on every Job of this package. */
export const COMPONENT = "agent-job";

type LabelledSpec = Pick<AgentRunSpec, "identity" | "naming" | "ttlSecondsAfterFinished">;
type AnnotatedSpec = Pick<AgentRunSpec, "identity" | "naming" | "runDirectory" | "prompt">;

/** The labels of a run's Job and pod. Ids are in the form that labels allow; compare by the annotations. */
export function runLabels(spec: LabelledSpec): Record<string, string> {
  const { identity, naming } = spec;
  const own = (name: string) => `${naming.labelDomain}/${name}`;
  const optional = (name: string, value: string | null) => (value ? { [own(name)]: labelValue(value) } : {});
  return {
    ...instanceLabels(naming),
    [own("adapter-type")]: labelValue(identity.adapterType),
    [own("company-id")]: labelValue(identity.companyId),
    [own("agent-id")]: labelValue(identity.agentId),
    [own("run-id")]: labelValue(identity.runId),
    ...optional("task-id", identity.taskId),
    ...optional("session-id", identity.sessionId),
    [own("attempt")]: String(identity.attempt),
    ...(spec.ttlSecondsAfterFinished === null ? { [own("retained")]: "true" } : {}),
  };
}

/** The labels that all Jobs of one instance share. */
export function instanceLabels(
  naming: Pick<RunNaming, "labelDomain" | "managedBy" | "instanceId">,
): Record<string, string> {
  return {
    [MANAGED_BY_LABEL]: naming.managedBy,
    [COMPONENT_LABEL]: COMPONENT,
    [`${naming.labelDomain}/instance`]: naming.instanceId,
  };
}

/** The annotations of a run's Job: the ids in full, where its files are, and what prompt it had. */
export function runAnnotations(spec: AnnotatedSpec): Record<string, string> {
  const { identity, naming } = spec;
  const own = (name: string) => `${naming.labelDomain}/${name}`;
  return {
    [own("protocol")]: PROTOCOL,
    [own("adapter-type")]: identity.adapterType,
    [own("company-id")]: identity.companyId,
    [own("agent-id")]: identity.agentId,
    [own("run-id")]: identity.runId,
    ...(identity.taskId ? { [own("task-id")]: identity.taskId } : {}),
    ...(identity.sessionId ? { [own("session-id")]: identity.sessionId } : {}),
    [own("run-directory")]: spec.runDirectory,
    [own("prompt-sha256")]: sha256(spec.prompt),
  };
}
