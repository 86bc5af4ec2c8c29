// What becomes of a node that is not heard of any more, and of its pods: the node controller and the taint manager.
import { timestamp } from "../clock.ts";
import type { Node, Pod } from "../resources/objects.ts";
import { isTerminal } from "../resources/parts.ts";
import { deleteObject } from "../store/delete-object.ts";
import type { ControllerContext } from "./context.ts";

const unreachable = "node.kubernetes.io/unreachable";
const taints = [
  { key: unreachable, effect: "NoSchedule" },
  { key: unreachable, effect: "NoExecute" },
] as const;

/** Tells the API of nodes that are lost and come back. */
export interface NodeLifecycle {
  /** `evictAfterMs` overrides what the pods tolerate. Returns what stops the eviction. */
  lost(node: string, evictAfterMs: number | undefined): () => void;
  back(node: string): void;
}

/** How long a pod stays on a node that cannot be reached, in ms; undefined for ever. */
function toleratedMs(pod: Pod): number | undefined {
  const toleration = (pod.spec.tolerations ?? []).find(
    ({ key, effect }) => (key ?? unreachable) === unreachable && (effect ?? "NoExecute") === "NoExecute",
  );
  if (toleration === undefined) return 0;
  return toleration.tolerationSeconds === undefined ? undefined : toleration.tolerationSeconds * 1000;
}

function setReady(node: Node, status: "True" | "Unknown", now: string): void {
  const heard = { reason: "KubeletReady", message: "kube-sandbox is posting ready status" };
  const unheard = { reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status." };
  const ready = node.status.conditions.find((one) => one.type === "Ready");
  if (ready === undefined || ready.status === status) return;
  Object.assign(ready, { status, lastTransitionTime: now }, status === "True" ? heard : unheard);
}

/** Makes the lifecycle of the nodes in a store. */
export function createNodeLifecycle(context: ControllerContext): NodeLifecycle {
  const { store, timers, events } = context;
  const now = (): string => timestamp(timers.now());
  const podsOn = (node: string): Pod[] =>
    store.list("pods").filter((pod) => pod.spec.nodeName === node && !isTerminal(pod));
  const edit = ({ metadata }: Pod, change: (draft: Pod) => void): void =>
    void store.change("pods", metadata.namespace, metadata.name, change);

  const evict = (pod: Pod): void => {
    const { namespace, name, uid, deletionTimestamp } = store.get(
      "pods",
      pod.metadata.namespace,
      pod.metadata.name,
    )?.metadata ?? { name: pod.metadata.name };
    if (uid !== pod.metadata.uid || deletionTimestamp !== undefined) return;
    edit(pod, ({ status }) => {
      status.conditions = (status.conditions ?? []).filter((one) => one.type !== "DisruptionTarget");
      status.conditions.push({
        type: "DisruptionTarget",
        status: "True",
        lastProbeTime: null,
        lastTransitionTime: now(),
        reason: "DeletionByTaintManager",
        message: "Taint manager: deleting due to NoExecute taint",
      });
    });
    const message = `Marking for deletion Pod ${namespace}/${name}`;
    events({ about: pod, reason: "TaintManagerEviction", message, component: "taint-eviction-controller" });
    deleteObject({ store, now: timers.now() }, { resource: "pods", namespace, name }, {});
  };

  return {
    lost(name, evictAfterMs) {
      store.change("nodes", undefined, name, (node) => {
        setReady(node, "Unknown", now());
        node.spec.taints = [...(node.spec.taints ?? []), ...taints.map((one) => ({ ...one }))];
      });
      const stops = podsOn(name).map((pod) => {
        edit(pod, ({ status }) => {
          const ready = status.conditions?.find((one) => one.type === "Ready");
          if (ready !== undefined) Object.assign(ready, { status: "False", lastTransitionTime: now() });
        });
        const message = "Node is not ready";
        events({
          about: pod,
          type: "Warning",
          reason: "NodeNotReady",
          message,
          component: "node-controller",
        });
        const wait = evictAfterMs ?? toleratedMs(pod);
        return wait === undefined ? () => {} : timers.after(wait, () => evict(pod));
      });
      return () => {
        for (const stop of stops) stop();
      };
    },
    back(name) {
      store.change("nodes", undefined, name, (node) => {
        setReady(node, "True", now());
        node.spec.taints = (node.spec.taints ?? []).filter((one) => one.key !== unreachable);
        if (node.spec.taints.length === 0) delete node.spec.taints;
      });
    },
  };
}
