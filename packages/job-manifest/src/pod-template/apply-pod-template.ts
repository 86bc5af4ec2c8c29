import type { V1Container, V1PodTemplateSpec, V1SecurityContext } from "@kubernetes/client-node";
import type { AgentRunSpec } from "../agent-run-spec.ts";
import { CONTAINER_NAME } from "../pod/container-name.ts";
import { sortedRecord } from "../pod/sorted.ts";
import { merged } from "./merge.ts";
import type { ContainerPatch } from "./pod-template-patch.ts";

/** The run's own pod with the user's template added to it, which `validatePodTemplate` has accepted. */
export function applyPodTemplate(
  own: V1PodTemplateSpec,
  spec: Pick<AgentRunSpec, "podTemplate">,
): V1PodTemplateSpec {
  if (spec.podTemplate === undefined) return own;
  const { metadata, spec: pod } = merged(own, spec.podTemplate) as V1PodTemplateSpec;
  return {
    metadata: {
      ...metadata,
      labels: sortedRecord(metadata?.labels ?? {}),
      ...(metadata?.annotations && { annotations: sortedRecord(metadata.annotations) }),
    },
    spec: {
      ...pod!,
      containers: pod!.containers.map(withFloor),
      ...(pod!.initContainers && { initContainers: pod!.initContainers.map(withFloor) }),
    },
  };
}

/** What the user's template says of the agent's own container. */
export function agentPatch(spec: Pick<AgentRunSpec, "podTemplate">): ContainerPatch | undefined {
  return spec.podTemplate?.spec?.containers?.find(({ name }) => name === CONTAINER_NAME);
}

/** What a container does not say of its security is as "restricted" wants it. */
function withFloor(container: V1Container): V1Container {
  const { allowPrivilegeEscalation, capabilities, ...rest } = container.securityContext ?? {};
  const securityContext: V1SecurityContext = {
    // Kubernetes refuses "no escalation" beside these two.
    allowPrivilegeEscalation: mayEscalate(container.securityContext)
      ? true
      : (allowPrivilegeEscalation ?? false),
    capabilities: { drop: ["ALL"], ...capabilities },
    ...rest,
  };
  return { ...container, securityContext };
}

function mayEscalate(context: V1SecurityContext | undefined): boolean {
  const isAdmin = (name: string) => /^(CAP_)?SYS_ADMIN$/.test(name);
  return context?.privileged === true || (context?.capabilities?.add ?? []).some(isAdmin);
}
