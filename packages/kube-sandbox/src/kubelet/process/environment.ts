import type { ConfigMap, Container, EnvVar, Pod, Secret } from "../../resources/objects.ts";
import { parseQuantity } from "../../resources/quantity.ts";
import { expandVariables } from "./expand.ts";

/** Where values come from besides the pod itself. */
export interface ValueSources {
  secret(name: string): Secret | undefined;
  configMap(name: string): ConfigMap | undefined;
}

/** What makes a container wait as `CreateContainerConfigError`, in the kubelet's words. */
export class ConfigProblem extends Error {}

function fieldValue(pod: Pod, path: string): string {
  const { metadata, spec, status } = pod;
  const keyed = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  if (keyed !== null) return metadata[keyed[1] as "labels" | "annotations"]?.[keyed[2]!] ?? "";
  const fields: Record<string, string | undefined> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace,
    "metadata.uid": metadata.uid,
    "spec.nodeName": spec.nodeName,
    "spec.serviceAccountName": spec.serviceAccountName,
    "status.hostIP": status.hostIP,
    "status.hostIPs": status.hostIP,
    "status.podIP": status.podIP,
    "status.podIPs": status.podIP,
  };
  return fields[path] ?? "";
}

function resourceValue(container: Container, resource: string, divisor = "1"): string {
  const [kind, name] = resource.split(/\.(.*)/s) as [string, string];
  const amounts = kind === "limits" ? container.resources?.limits : container.resources?.requests;
  const amount = parseQuantity(amounts?.[name] ?? "0") ?? 0;
  return String(Math.ceil(amount / (parseQuantity(divisor === "0" ? "1" : divisor) ?? 1)));
}

function keyOf(
  pod: Pod,
  what: "Secret" | "ConfigMap",
  reference: { name?: string; key: string; optional?: boolean },
  read: (name: string) => Record<string, string> | undefined,
): string | undefined {
  const name = reference.name ?? "";
  const data = read(name);
  const value = data?.[reference.key];
  if (value !== undefined || reference.optional === true) return value;
  if (data === undefined) throw new ConfigProblem(`${what.toLowerCase()} "${name}" not found`);
  throw new ConfigProblem(`couldn't find key ${reference.key} in ${what} ${pod.metadata.namespace}/${name}`);
}

const decoded = (secret: Secret | undefined): Record<string, string> | undefined =>
  secret &&
  Object.fromEntries(
    Object.entries(secret.data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
  );

function fromSources(container: Container, sources: ValueSources): Map<string, string> {
  const values = new Map<string, string>();
  for (const { prefix = "", secretRef, configMapRef } of container.envFrom ?? []) {
    const reference = secretRef ?? configMapRef;
    const name = reference?.name ?? "";
    const data = secretRef === undefined ? sources.configMap(name)?.data : decoded(sources.secret(name));
    const found = secretRef === undefined ? sources.configMap(name) !== undefined : data !== undefined;
    if (!found && reference?.optional !== true) {
      throw new ConfigProblem(`${secretRef === undefined ? "configmap" : "secret"} "${name}" not found`);
    }
    for (const [key, value] of Object.entries(data ?? {})) values.set(prefix + key, value);
  }
  return values;
}

function variableValue(
  variable: EnvVar,
  pod: Pod,
  container: Container,
  sources: ValueSources,
  known: ReadonlyMap<string, string>,
): string | undefined {
  const { valueFrom: from } = variable;
  if (from === undefined) return expandVariables(variable.value ?? "", (name) => known.get(name));
  if (from.fieldRef !== undefined) return fieldValue(pod, from.fieldRef.fieldPath);
  if (from.secretKeyRef !== undefined) {
    return keyOf(pod, "Secret", from.secretKeyRef, (name) => decoded(sources.secret(name)));
  }
  if (from.configMapKeyRef !== undefined) {
    const read = (name: string) => {
      const map = sources.configMap(name);
      return map && (map.data ?? {});
    };
    return keyOf(pod, "ConfigMap", from.configMapKeyRef, read);
  }
  const { resource = "", divisor } = from.resourceFieldRef ?? {};
  return resourceValue(container, resource, divisor);
}

/**
 * The variables that a container's spec sets, in order: a later one may use an earlier one.
 * Throws ConfigProblem where a Secret, a ConfigMap or a key is missing.
 */
export function resolveEnvironment(
  pod: Pod,
  container: Container,
  sources: ValueSources,
): Map<string, string> {
  const values = fromSources(container, sources);
  for (const variable of container.env ?? []) {
    const value = variableValue(variable, pod, container, sources, values);
    if (value !== undefined) values.set(variable.name, value);
  }
  return values;
}
