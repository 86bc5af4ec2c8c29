import { timestamp } from "../../clock.ts";
import type { Pod } from "../../resources/objects.ts";
import { isTerminal } from "../../resources/parts.ts";
import type { ControllerContext } from "../context.ts";
import { createWorkQueue } from "../work-queue.ts";
import { claimProblem, type NodeUse, reasonsAgainst, requestsOf, unschedulableMessage } from "./fit.ts";

interface Tally {
  pods: number;
  cpu: number;
  memory: number;
  "ephemeral-storage": number;
}

/** Gives pods a node, or says why there is none; looks again when something might have changed that. */
export function startScheduler(context: ControllerContext): void {
  const { store, timers, delays, events } = context;
  const waiting = new Set<string>();
  const tallies = new Map<string, Tally>();

  const tally = (node: string): Tally => {
    const found = tallies.get(node) ?? { pods: 0, cpu: 0, memory: 0, "ephemeral-storage": 0 };
    tallies.set(node, found);
    return found;
  };
  const count = (pod: Pod, sign: 1 | -1): void => {
    if (pod.spec.nodeName === undefined || isTerminal(pod)) return;
    const sum = tally(pod.spec.nodeName);
    const asked = requestsOf(pod);
    sum.pods += sign;
    sum.cpu += sign * asked.cpu;
    sum.memory += sign * asked.memory;
    sum["ephemeral-storage"] += sign * asked["ephemeral-storage"];
  };
  const useOf = (): NodeUse[] =>
    store.list("nodes").map((node) => {
      const { pods, ...used } = tally(node.metadata.name);
      return { node, pods, used };
    });

  const refuse = (pod: Pod, message: string): void => {
    waiting.add(`${pod.metadata.namespace}/${pod.metadata.name}`);
    const before = pod.status.conditions?.find((one) => one.type === "PodScheduled");
    if (before?.message === message) return;
    store.change("pods", pod.metadata.namespace, pod.metadata.name, (draft) => {
      const others = (draft.status.conditions ?? []).filter((one) => one.type !== "PodScheduled");
      draft.status.conditions = [
        ...others,
        {
          type: "PodScheduled",
          observedGeneration: draft.metadata.generation ?? 1,
          status: "False",
          lastProbeTime: null,
          lastTransitionTime: before?.lastTransitionTime ?? timestamp(timers.now()),
          reason: "Unschedulable",
          message,
        },
      ];
    });
    events({
      about: pod,
      type: "Warning",
      reason: "FailedScheduling",
      message,
      component: "default-scheduler",
    });
  };

  const bind = (pod: Pod, node: string): void => {
    const { namespace, name } = pod.metadata;
    store.change("pods", namespace, name, (draft) => {
      draft.spec.nodeName = node;
      draft.status.conditions = [
        {
          type: "PodScheduled",
          status: "True",
          lastProbeTime: null,
          lastTransitionTime: timestamp(timers.now()),
        },
      ];
    });
    const message = `Successfully assigned ${namespace}/${name} to ${node}`;
    events({ about: pod, reason: "Scheduled", message, component: "default-scheduler" });
  };

  const place = (key: string): void => {
    const [namespace, name] = key.split("/") as [string, string];
    const pod = store.get("pods", namespace, name);
    waiting.delete(key);
    if (pod === undefined || pod.spec.nodeName !== undefined || pod.metadata.deletionTimestamp !== undefined)
      return;
    if (isTerminal(pod) || (pod.spec.schedulingGates?.length ?? 0) > 0) return;
    if (pod.spec.schedulerName !== "default-scheduler") return;
    const uses = useOf();
    const claims = claimProblem(pod, uses.length, (claim) =>
      store.get("persistentvolumeclaims", namespace, claim),
    );
    if (claims !== undefined) {
      refuse(pod, claims);
      return;
    }
    const reasons = uses.map((use) => reasonsAgainst(pod, use));
    const fitting = uses.filter((_, index) => reasons[index]!.length === 0);
    if (fitting.length === 0) {
      refuse(pod, unschedulableMessage(reasons));
      return;
    }
    const emptiest = fitting.reduce((best, use) => (use.pods < best.pods ? use : best));
    bind(pod, emptiest.node.metadata.name);
  };

  const queue = createWorkQueue(timers, place);
  const retry = (): void => {
    for (const key of waiting) queue.add(key, delays.scheduleMs);
  };
  store.subscribe("pods", ({ type, object, previous }) => {
    const pod = object as Pod;
    if (previous !== undefined) count(previous as Pod, -1);
    if (type !== "DELETED") count(pod, 1);
    const freed =
      type === "DELETED" || (isTerminal(pod) && previous !== undefined && !isTerminal(previous as Pod));
    if (type === "DELETED") waiting.delete(`${pod.metadata.namespace}/${pod.metadata.name}`);
    else if (pod.spec.nodeName === undefined && (type === "ADDED" || pod.spec !== (previous as Pod).spec)) {
      const gated = ((previous as Pod | undefined)?.spec.schedulingGates?.length ?? 0) > 0;
      if (type === "ADDED" || gated)
        queue.add(`${pod.metadata.namespace}/${pod.metadata.name}`, delays.scheduleMs);
    }
    if (freed) retry();
  });
  store.subscribe("persistentvolumeclaims", retry);
  store.subscribe("nodes", retry);
}
