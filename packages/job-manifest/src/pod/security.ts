import type { V1PodSecurityContext, V1SecurityContext } from "@kubernetes/client-node";
import type { AgentRunSpec } from "../agent-run-spec.ts";

/**
 * What the Pod Security Standard "restricted" asks of the pod. No fsGroup: a claim may ignore it, and
 * where it works the kubelet walks the whole shared volume before every run.
 */
export function podSecurity(spec: Pick<AgentRunSpec, "user">): V1PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: spec.user.uid,
    runAsGroup: spec.user.gid,
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** What it asks of the container. */
export function containerSecurity(spec: Pick<AgentRunSpec, "readOnlyRootFilesystem">): V1SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    privileged: false,
    readOnlyRootFilesystem: spec.readOnlyRootFilesystem ?? false,
    runAsNonRoot: true,
  };
}
