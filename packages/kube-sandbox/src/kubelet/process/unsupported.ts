// Every field of a pod is honoured, ignored on purpose, or refused by name: what is not listed here is refused.
import type { Container, Pod } from "../../resources/objects.ts";

const honouredInPods = [
  ...["containers", "initContainers", "volumes", "restartPolicy", "terminationGracePeriodSeconds"],
  ...["nodeName", "nodeSelector", "tolerations", "schedulerName", "schedulingGates", "securityContext"],
];

/** Isolation, network, identity and rank: a process of this machine has them as it has them. */
const ignoredInPods = [
  ...["serviceAccount", "serviceAccountName", "automountServiceAccountToken", "imagePullSecrets"],
  ...["dnsConfig", "dnsPolicy", "hostAliases", "hostIPC", "hostNetwork", "hostPID", "hostUsers"],
  ...["hostname", "hostnameOverride", "subdomain", "setHostnameAsFQDN", "shareProcessNamespace"],
  ...["enableServiceLinks", "priority", "priorityClassName", "preemptionPolicy", "runtimeClassName"],
  ...["os", "overhead"],
];

const honouredInContainers = [
  ...["name", "image", "command", "args", "workingDir", "env", "envFrom", "volumeMounts"],
  ...["resources", "securityContext", "terminationMessagePath", "terminationMessagePolicy"],
];
const ignoredInContainers = ["imagePullPolicy", "ports", "resizePolicy"];

const knownInMounts = ["name", "mountPath", "subPath", "subPathExpr", "readOnly"];

function unknown(object: object, ...known: readonly (readonly string[])[]): string[] {
  return Object.keys(object).filter((field) => !known.some((names) => names.includes(field)));
}

function unsupportedIn(container: Container): string[] {
  const sidecar = container.restartPolicy === undefined ? [] : ["restartPolicy of a container (sidecars)"];
  const fields = unknown(container, honouredInContainers, ignoredInContainers, ["restartPolicy"]);
  const mounts = (container.volumeMounts ?? []).flatMap((mount) =>
    unknown(mount, knownInMounts).map((field) => `volumeMounts.${field}`),
  );
  const policy = container.terminationMessagePolicy ?? "File";
  const message = policy === "File" ? [] : [`terminationMessagePolicy ${policy}`];
  return [...fields, ...sidecar, ...mounts, ...message].map(
    (what) => `container ${container.name} has ${what}`,
  );
}

/** What a pod asks for that process pods do not have; empty if nothing. */
export function unsupportedFeatures(pod: Pod): string[] {
  const { containers, initContainers = [], restartPolicy } = pod.spec;
  return [
    ...(restartPolicy === "Never" ? [] : [`the pod has restartPolicy ${restartPolicy}`]),
    ...unknown(pod.spec, honouredInPods, ignoredInPods).map((field) => `the pod has ${field}`),
    ...[...initContainers, ...containers].flatMap(unsupportedIn),
  ];
}
