import type { Container, PodSpec, Volume } from "../objects.ts";
import { canonicalQuantity } from "../quantity.ts";

function defaultResources(container: Container): void {
  const resources = container.resources ?? {};
  for (const amounts of [resources.limits, resources.requests]) {
    for (const [name, amount] of Object.entries(amounts ?? {})) amounts![name] = canonicalQuantity(amount);
  }
  container.resources = resources;
}

/** A limit without a request asks for as much; the API does so in pods, not yet in templates. */
export function defaultRequests(spec: PodSpec): void {
  for (const { resources } of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    if (resources?.limits === undefined) continue;
    resources.requests = { ...resources.limits, ...resources.requests };
  }
}

function defaultContainer(container: Container): void {
  defaultResources(container);
  container.terminationMessagePath ??= "/dev/termination-log";
  container.terminationMessagePolicy ??= "File";
  const tag = /:([^/:@]+)(@|$)/.exec(container.image ?? "")?.[1];
  const pinned = (container.image ?? "").includes("@");
  container.imagePullPolicy ??=
    (tag === undefined && !pinned) || tag === "latest" ? "Always" : "IfNotPresent";
  for (const port of container.ports ?? []) port.protocol ??= "TCP";
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef !== undefined) valueFrom.fieldRef.apiVersion ??= "v1";
  }
}

function defaultVolume(volume: Volume): void {
  const { name: _, ...source } = volume;
  if (Object.keys(source).length === 0) volume.emptyDir = {};
  if (volume.secret !== undefined) volume.secret.defaultMode ??= 0o644;
  if (volume.configMap !== undefined) volume.configMap.defaultMode ??= 0o644;
  if (volume.hostPath !== undefined) volume.hostPath.type ??= "";
}

/** What the API fills in for pods and for the pod templates of Jobs. */
export function defaultPodSpec(spec: PodSpec): void {
  spec.containers ??= [];
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) defaultContainer(container);
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ??= "ClusterFirst";
  spec.securityContext ??= {};
  spec.schedulerName ??= "default-scheduler";
  if (spec.serviceAccountName !== undefined) spec.serviceAccount ??= spec.serviceAccountName;
  else if (spec.serviceAccount !== undefined) spec.serviceAccountName = spec.serviceAccount;
}
