import { timestamp } from "../clock.ts";
import type { ControllerContext } from "../controllers/context.ts";
import type { ContainerState, Pod } from "../resources/objects.ts";
import { beginPod, setContainerState, setEndPhase } from "./pod-status.ts";

/** Writes one pod's status and events; silently does nothing once the pod is gone. */
export interface PodReporter {
  /** The pod as it is stored, undefined when it is gone. */
  current(): Pod | undefined;
  begin(): void;
  edit(edit: (draft: Pod, now: string) => void): void;
  container(name: string, state: ContainerState): void;
  /** The phase that follows from the containers. */
  finish(): void;
  /** A deleted pod's last word: its grace is over, and so is it. */
  removed(): void;
  event(
    reason: string,
    message: string,
    options?: { type?: "Warning"; container?: string; init?: boolean },
  ): void;
}

/** The address that every sandboxed pod and node has: its processes are on this machine. */
export const hostIP = "127.0.0.1";

/** A reporter for the pod with this uid. */
export function createPodReporter(context: ControllerContext, pod: Pod): PodReporter {
  const { store, timers, events } = context;
  const { namespace, name, uid } = pod.metadata;
  const current = (): Pod | undefined => {
    const found = store.get("pods", namespace, name);
    return found?.metadata.uid === uid ? found : undefined;
  };
  const edit = (change: (draft: Pod, now: string) => void): void => {
    if (current() === undefined) return;
    store.change("pods", namespace, name, (draft) => change(draft, timestamp(timers.now())));
  };
  return {
    current,
    edit,
    begin: () => edit((draft, now) => beginPod(draft, hostIP, now)),
    container: (container, state) => edit((draft, now) => setContainerState(draft, container, state, now)),
    finish: () => edit((draft, now) => setEndPhase(draft, now)),
    removed() {
      if (current() === undefined) return;
      const noGrace = ({ metadata }: Pod): void => {
        metadata.deletionGracePeriodSeconds = 0;
      };
      const last = store.change("pods", namespace, name, noGrace, { keep: true });
      if ((last?.metadata.finalizers ?? []).length === 0) store.remove("pods", namespace, name);
    },
    event(reason, message, { type, container, init } = {}) {
      const path = container && `spec.${init === true ? "initContainers" : "containers"}{${container}}`;
      events({
        about: current() ?? pod,
        reason,
        message,
        component: "kubelet",
        ...(type === undefined ? {} : { type }),
        ...(path === undefined ? {} : { fieldPath: path }),
      });
    },
  };
}
