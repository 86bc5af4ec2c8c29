import type { V1PodSpec, V1SecurityContext } from "@kubernetes/client-node";

const VOLUMES = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

/** What the Pod Security Standard "restricted" (and "baseline", which it contains) finds wrong with a pod, as its text says it. */
export function restrictedProblems(pod: V1PodSpec): string[] {
  const containers = [...pod.containers, ...(pod.initContainers ?? [])];
  return [
    ...(pod.hostNetwork || pod.hostPID || pod.hostIPC ? ["host namespaces"] : []),
    ...(pod.volumes ?? []).flatMap(({ name, ...source }) =>
      Object.keys(source).every((kind) => VOLUMES.has(kind)) ? [] : [`volume ${name}`],
    ),
    ...sysctlProblems(pod),
    ...profileProblems("pod", pod.securityContext ?? {}),
    ...containers.flatMap((container) => [
      ...containerProblems(container.name, container.securityContext ?? {}, pod),
      ...(container.ports ?? []).flatMap((port) => (port.hostPort ? [`${container.name}: host port`] : [])),
      ...profileProblems(container.name, container.securityContext ?? {}),
    ]),
  ];
}

function containerProblems(name: string, context: V1SecurityContext, pod: V1PodSpec): string[] {
  const seccomp = (context.seccompProfile ?? pod.securityContext?.seccompProfile)?.type;
  const extra = (context.capabilities?.add ?? []).filter((capability) => capability !== "NET_BIND_SERVICE");
  const problems: Record<string, boolean> = {
    privileged: context.privileged === true,
    escalation: context.allowPrivilegeEscalation !== false,
    capabilities: !context.capabilities?.drop?.includes("ALL") || extra.length > 0,
    "may be root": (context.runAsNonRoot ?? pod.securityContext?.runAsNonRoot) !== true,
    "is root": (context.runAsUser ?? pod.securityContext?.runAsUser) === 0,
    seccomp: seccomp !== "RuntimeDefault" && seccomp !== "Localhost",
    "proc mount": (context.procMount ?? "Default") !== "Default",
  };
  return Object.entries(problems).flatMap(([what, holds]) => (holds ? [`${name}: ${what}`] : []));
}

function profileProblems(
  name: string,
  context: Pick<V1SecurityContext, "appArmorProfile" | "seLinuxOptions" | "windowsOptions">,
): string[] {
  const { appArmorProfile, seLinuxOptions, windowsOptions } = context;
  const types = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
  const isFree = seLinuxOptions?.user || seLinuxOptions?.role || !types.includes(seLinuxOptions?.type ?? "");
  return [
    ...(appArmorProfile?.type === "Unconfined" ? [`${name}: AppArmor`] : []),
    ...(isFree ? [`${name}: SELinux`] : []),
    ...(windowsOptions?.hostProcess ? [`${name}: host process`] : []),
  ];
}

function sysctlProblems(pod: V1PodSpec): string[] {
  const safe =
    /^(kernel\.shm_rmid_forced|net\.ipv4\.(ip_local_port_range|ip_unprivileged_port_start|tcp_syncookies|ping_group_range|ip_local_reserved_ports|tcp_keepalive_time|tcp_fin_timeout|tcp_keepalive_intvl|tcp_keepalive_probes))$/;
  return (pod.securityContext?.sysctls ?? []).flatMap(({ name }) =>
    safe.test(name) ? [] : [`sysctl ${name}`],
  );
}
