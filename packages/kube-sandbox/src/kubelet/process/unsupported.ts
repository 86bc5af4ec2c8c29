import type { Container, Pod } from "../../resources/objects.ts";

function unsupportedIn(container: Container): string[] {
  const fields = ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"] as const;
  return [
    ...fields.filter((field) => container[field] !== undefined),
    ...(container.restartPolicy === undefined ? [] : ["restartPolicy of a container (sidecars)"]),
  ].map((what) => `container ${container.name} has ${what}`);
}

/** What a pod asks for that process pods do not have; empty if nothing. */
export function unsupportedFeatures(pod: Pod): string[] {
  const { containers, initContainers = [], restartPolicy } = pod.spec;
  return [
    ...(restartPolicy === "Never" ? [] : [`the pod has restartPolicy ${restartPolicy}`]),
    ...[...initContainers, ...containers].flatMap(unsupportedIn),
  ];
}
