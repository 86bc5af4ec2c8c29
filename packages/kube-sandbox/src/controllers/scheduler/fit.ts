// Which node takes a pod, and in which words the scheduler says that none does. Pure functions.
import type { Container, Node, PersistentVolumeClaim, Pod, Taint } from "../../resources/objects.ts";
import { parseQuantity } from "../../resources/quantity.ts";

const counted = ["cpu", "memory", "ephemeral-storage"] as const;
type Amounts = Record<(typeof counted)[number], number>;

function amountOf(container: Container, name: string): number {
  return parseQuantity(container.resources?.requests?.[name] ?? "0") ?? 0;
}

/** What a pod asks for: its containers together, or its hungriest init container. */
export function requestsOf(pod: Pod): Amounts {
  const { containers, initContainers = [] } = pod.spec;
  const of = (name: string): number =>
    Math.max(
      containers.reduce((sum, container) => sum + amountOf(container, name), 0),
      ...initContainers.map((container) => amountOf(container, name)),
    );
  return { cpu: of("cpu"), memory: of("memory"), "ephemeral-storage": of("ephemeral-storage") };
}

/** What is used of a node. */
export interface NodeUse {
  readonly node: Node;
  readonly pods: number;
  readonly used: Amounts;
}

function matchesSelector(pod: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  return Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
}

/** The first taint that keeps a pod off a node. */
function untolerated(pod: Pod, node: Node): Taint | undefined {
  const tolerations = pod.spec.tolerations ?? [];
  const forbidding = (node.spec.taints ?? []).filter(({ effect }) => effect !== "PreferNoSchedule");
  return forbidding.find(
    (taint) =>
      !tolerations.some(
        ({ key, operator = "Equal", value = "", effect }) =>
          (!effect || effect === taint.effect) &&
          (!key ? operator === "Exists" : key === taint.key) &&
          (operator === "Exists" || value === (taint.value ?? "")),
      ),
  );
}

/** Why a node does not take a pod, in the scheduler's words; empty if it does. */
export function reasonsAgainst(pod: Pod, { node, pods, used }: NodeUse): string[] {
  if (node.spec.unschedulable === true) return ["node(s) were unschedulable"];
  const taint = untolerated(pod, node);
  if (taint !== undefined) return [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`];
  if (!matchesSelector(pod, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  const asked = requestsOf(pod);
  const short = counted.filter((name) => {
    const total = parseQuantity(node.status.allocatable[name] ?? "0") ?? 0;
    return asked[name] > 0 && asked[name] > total - used[name];
  });
  const full = pods >= Number(node.status.allocatable["pods"] ?? 110);
  return [...(full ? ["Too many pods"] : []), ...short.map((name) => `Insufficient ${name}`)];
}

/** The message of `PodScheduled=False`, from the reasons of each node. */
export function unschedulableMessage(reasons: readonly (readonly string[])[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons.flat()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const total = reasons.length;
  if (total === 0) return "no nodes available to schedule pods";
  const list = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return (
    `0/${total} nodes are available: ${list.join(", ")}. no new claims to deallocate, ` +
    `preemption: 0/${total} nodes are available: ${total} Preemption is not helpful for scheduling.`
  );
}

/** What is wrong with a pod's claims, in the scheduler's words; undefined if nothing. */
export function claimProblem(
  pod: Pod,
  nodes: number,
  claimOf: (name: string) => PersistentVolumeClaim | undefined,
): string | undefined {
  for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
    if (persistentVolumeClaim === undefined) continue;
    const name = persistentVolumeClaim.claimName ?? "";
    const claim = claimOf(name);
    const why =
      claim === undefined
        ? `persistentvolumeclaim "${name}" not found`
        : claim.metadata.deletionTimestamp !== undefined
          ? `persistentvolumeclaim "${name}" is being deleted`
          : claim.status.phase !== "Bound"
            ? "pod has unbound immediate PersistentVolumeClaims"
            : undefined;
    if (why !== undefined) return `0/${nodes} nodes are available: ${why}. not found`;
  }
  return undefined;
}
