import { timestamp } from "../clock.ts";
import type { ControllerContext } from "../controllers/context.ts";
import { createNodeLifecycle } from "../controllers/node-lifecycle.ts";
import type { Gate } from "../kubelet/gate.ts";
import type { NodeOption } from "../options.ts";
import { KubeSandboxError } from "../sandbox-error.ts";
import { nodeObject } from "../seed.ts";

/** The nodes, and what can be made to go wrong with them. */
export interface SandboxNodes {
  add(node: NodeOption): void;
  /** Pods that come from now on are not placed here. */
  cordon(name: string): void;
  uncordon(name: string): void;
  /**
   * Cuts a node off: its pods work on, but nothing that they do is seen, and it hears of no deletion, until
   * `recover()`. The node becomes `NotReady` after `noticedAfterMs` (0 by default); its pods are deleted
   * `evictAfterMs` later (what they tolerate by default: 300 000), and stay in `Terminating`.
   */
  lose(
    name: string,
    options?: { readonly noticedAfterMs?: number; readonly evictAfterMs?: number },
  ): { recover(): void };
}

/** Acts on the nodes of a store; a node's gate is what its kubelet is heard through. */
export function createSandboxNodes(context: ControllerContext, gateOf: (node: string) => Gate): SandboxNodes {
  const { store, timers } = context;
  const lifecycle = createNodeLifecycle(context);
  const check = (name: string): void => {
    if (store.get("nodes", undefined, name) !== undefined) return;
    const known = store.list("nodes").map((node) => node.metadata.name);
    throw new KubeSandboxError("unknown_node", `there is no node "${name}"; there are ${known.join(", ")}`);
  };
  const setUnschedulable = (name: string, value: boolean): void => {
    check(name);
    store.change("nodes", undefined, name, ({ spec }) => {
      if (value) spec.unschedulable = true;
      else delete spec.unschedulable;
    });
  };
  return {
    add(node) {
      if (store.get("nodes", undefined, node.name) !== undefined)
        throw new KubeSandboxError("invalid_option", `there is a node "${node.name}" already`);
      store.insert("nodes", nodeObject(node, timestamp(timers.now())));
    },
    cordon: (name) => setUnschedulable(name, true),
    uncordon: (name) => setUnschedulable(name, false),
    lose(name, { noticedAfterMs = 0, evictAfterMs } = {}) {
      check(name);
      gateOf(name).shut();
      let stop = (): void => {};
      const notice = (): void => {
        stop = lifecycle.lost(name, evictAfterMs);
      };
      if (noticedAfterMs > 0) stop = timers.after(noticedAfterMs, notice);
      else notice();
      return {
        recover() {
          stop();
          lifecycle.back(name);
          gateOf(name).open();
        },
      };
    },
  };
}
