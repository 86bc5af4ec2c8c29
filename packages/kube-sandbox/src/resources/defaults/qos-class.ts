import type { PodSpec } from "../objects.ts";

const counted = ["cpu", "memory"] as const;

/** `Guaranteed`, `Burstable` or `BestEffort`, from the containers' requests and limits. */
export function qosClassOf(spec: PodSpec): string {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const asks = containers.some(({ resources }) =>
    counted.some((name) => resources?.requests?.[name] ?? resources?.limits?.[name]),
  );
  if (!asks) return "BestEffort";
  const guaranteed = containers.every(({ resources }) =>
    counted.every((name) => {
      const limit = resources?.limits?.[name];
      return limit !== undefined && (resources?.requests?.[name] ?? limit) === limit;
    }),
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}
