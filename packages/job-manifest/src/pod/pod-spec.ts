import type { V1Container, V1PodSpec } from "@kubernetes/client-node";
import type { AgentRunSpec } from "../agent-run-spec.ts";
import { podCommand } from "./command.ts";
import { CONTAINER_NAME } from "./container-name.ts";
import { podEnvironment } from "./environment.ts";
import { containerSecurity, podSecurity } from "./security.ts";
import { canonical, omitUndefined, sortedRecord } from "./sorted.ts";
import { podVolumeMounts, podVolumes } from "./volumes.ts";

/** Seconds that the script has, after the agent CLI was killed, to count and to write the exit record. */
export const RECORD_MARGIN_SEC = 10;

/** The pod of a run. */
export function podSpec(spec: AgentRunSpec): V1PodSpec {
  return omitUndefined<V1PodSpec>({
    restartPolicy: "Never",
    terminationGracePeriodSeconds: spec.bounds.graceSec + RECORD_MARGIN_SEC,
    serviceAccountName: spec.serviceAccountName,
    automountServiceAccountToken: spec.automountServiceAccountToken ?? false,
    // Else every Service of the namespace adds variables that nobody asked for.
    enableServiceLinks: false,
    securityContext: podSecurity(spec),
    ...scheduling(spec),
    imagePullSecrets: spec.imagePullSecrets?.map((name) => ({ name })),
    dnsConfig: canonical(spec.dnsConfig),
    containers: [container(spec)],
    volumes: podVolumes(spec),
  });
}

function container(spec: AgentRunSpec): V1Container {
  return omitUndefined<V1Container>({
    name: CONTAINER_NAME,
    image: spec.image,
    imagePullPolicy: spec.imagePullPolicy,
    ...podCommand(spec),
    workingDir: spec.workingDirectory,
    env: podEnvironment(spec),
    resources: canonical(spec.resources),
    securityContext: containerSecurity(spec),
    // The message is the script's alone: the tail of an agent's output does not belong into the pod's status.
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    volumeMounts: podVolumeMounts(spec),
  });
}

function scheduling(spec: AgentRunSpec): Partial<V1PodSpec> {
  return {
    nodeSelector: spec.nodeSelector && sortedRecord(spec.nodeSelector),
    tolerations: spec.tolerations && canonical([...spec.tolerations]),
    affinity: canonical(spec.affinity),
    priorityClassName: spec.priorityClassName,
    runtimeClassName: spec.runtimeClassName,
  };
}
