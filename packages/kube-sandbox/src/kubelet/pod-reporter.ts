import { timestamp } from "../clock.ts";
import type { ControllerContext } from "../controllers/context.ts";
import type { ContainerState, Pod } from "../resources/objects.ts";
import type { Gate } from "./gate.ts";
import { beginPod, setContainerState, setEndPhase } from "./pod-status.ts";

/** Writes one pod's status and events, once its node can be heard; nothing, once the pod is gone. */
export interface PodReporter {
  /** The pod as it is stored, undefined when it is gone. */
  current(): Pod | undefined;
  begin(): void;
  edit(edit: (draft: Pod, now: string) => void): void;
  container(name: string, state: ContainerState): void;
  /** The phase that follows from the containers. */
  finish(): void;
  /** The last word: if the pod is deleted, its grace is over, and so is it. */
  removed(): void;
  /** Works now, or when the node can be heard again. */
  whenHeard(work: () => void): void;
  event(
    reason: string,
    message: string,
    options?: { type?: "Warning"; container?: string; init?: boolean },
  ): void;
}

/** The address that every sandboxed pod and node has: its processes are on this machine. */
export const hostIP = "127.0.0.1";

/** A reporter for the pod with this uid, through the gate of its node. */
export function createPodReporter(context: ControllerContext, pod: Pod, gate: Gate): PodReporter {
  const { store, timers, events } = context;
  const { namespace, name, uid } = pod.metadata;
  const current = (): Pod | undefined => {
    const found = store.get("pods", namespace, name);
    return found?.metadata.uid === uid ? found : undefined;
  };
  const edit = (change: (draft: Pod, now: string) => void): void => {
    const now = timestamp(timers.now());
    gate.pass(() => {
      if (current() !== undefined) store.change("pods", namespace, name, (draft) => change(draft, now));
    });
  };
  const removed = (): void => {
    if (current()?.metadata.deletionTimestamp === undefined) return;
    const noGrace = ({ metadata }: Pod): void => {
      metadata.deletionGracePeriodSeconds = 0;
    };
    const last = store.change("pods", namespace, name, noGrace, { keep: true });
    if ((last?.metadata.finalizers ?? []).length === 0) store.remove("pods", namespace, name);
  };
  return {
    current,
    edit,
    begin: () => edit((draft, now) => beginPod(draft, hostIP, now)),
    container: (container, state) => edit((draft, now) => setContainerState(draft, container, state, now)),
    finish: () => edit((draft, now) => setEndPhase(draft, now)),
    whenHeard: gate.pass,
    removed: () => gate.pass(removed),
    event(reason, message, { type, container, init } = {}) {
      const path = container && `spec.${init === true ? "initContainers" : "containers"}{${container}}`;
      gate.pass(() =>
        events({
          about: current() ?? pod,
          reason,
          message,
          component: "kubelet",
          ...(type === undefined ? {} : { type }),
          ...(path === undefined ? {} : { fieldPath: path }),
        }),
      );
    },
  };
}
