import type { Listener } from "../listener.ts";
import type { Kind } from "../resources/kinds.ts";
import type { ResourceName } from "../resources/objects.ts";
import type { Credentials } from "../server/credentials.ts";
import type { Snapshot } from "../server/list-objects.ts";
import type { Watches } from "../server/watches.ts";
import type { Store } from "../store/store.ts";
import type { Timers } from "../timers.ts";
import type { FaultInjection } from "./fault.ts";
import type { FaultTable } from "./fault-table.ts";

/** Everything that can be made to go wrong between a client and the API. */
export interface SandboxFaults {
  /** Strikes requests that match, until removed. */
  inject(injection: FaultInjection): { remove(): void };
  /** The API is away, until `end()` resolves, or for `forMs` on the sandbox's clock. */
  outage(options?: OutageOptions): Promise<{ end(): Promise<void> }>;
  /** Cuts every open watch, of one resource if given, without a word. */
  dropWatches(resource?: ResourceName): void;
  /** Open watches stay open and say nothing more; what happens meanwhile is lost to them. */
  freezeWatches(resource?: ResourceName): { thaw(): void };
  /** Old versions are gone: open watches end with 410, and so do those that start from before now. */
  expireHistory(): void;
  /** The present token is answered with 401, until `sandbox.rotateToken()`; open watches live on, as in a real cluster. */
  expireToken(): void;
}

/** How the API is away. */
export interface OutageOptions {
  /**
   * `refuse`, the default: connections are refused and open ones cut, as when the server is gone.
   * `hang`: connections and requests are taken, and what comes of them is seen when it is over, as when
   * the server's process is stopped.
   */
  readonly how?: "refuse" | "hang";
  readonly forMs?: number;
}

/** The faults, and the pictures that stale lists show. */
export function createSandboxFaults(
  table: FaultTable,
  parts: {
    readonly store: Store;
    readonly watches: Watches;
    readonly timers: Timers;
    readonly credentials: Credentials;
    readonly listener: () => Listener;
  },
): SandboxFaults & { picture(injection: object, kind: Kind, namespace: string | undefined): Snapshot } {
  const { store, watches, timers, credentials } = parts;
  const pictures = new WeakMap<object, (kind: Kind) => Snapshot>();

  const takePicture = (): ((kind: Kind) => Snapshot) => {
    const version = store.resourceVersion;
    const names: ResourceName[] = [
      "pods",
      "jobs",
      "secrets",
      "configmaps",
      "persistentvolumeclaims",
      "namespaces",
      "events",
      "leases",
    ];
    const objects = new Map(names.map((name) => [name, store.list(name)]));
    return (kind) => ({ version, objects: objects.get(kind.resource) ?? store.list(kind.resource) });
  };
  const each = (resource: ResourceName | undefined, act: Parameters<Watches["each"]>[0]): void =>
    watches.each((stream) => {
      if (resource === undefined || stream.kind.resource === resource) act(stream);
    });

  return {
    inject(injection) {
      if (injection.fault.kind === "stale_list") pictures.set(injection, takePicture());
      return table.add(injection);
    },
    picture(injection, kind, namespace) {
      const { version, objects } = pictures.get(injection)!(kind);
      return {
        version,
        objects: objects.filter(
          (object) => namespace === undefined || object.metadata.namespace === namespace,
        ),
      };
    },
    async outage({ how = "refuse", forMs } = {}) {
      const listener = parts.listener();
      if (how === "hang") listener.freeze();
      else await listener.down();
      let ending: Promise<void> | undefined;
      const over = async (): Promise<void> => (how === "hang" ? listener.thaw() : listener.up());
      const end = (): Promise<void> => (ending ??= over());
      if (forMs !== undefined) timers.after(forMs, () => void end());
      return { end };
    },
    dropWatches: (resource) => each(resource, (stream) => stream.cut()),
    freezeWatches(resource) {
      const frozen = new Set<Parameters<Parameters<Watches["each"]>[0]>[0]>();
      each(resource, (stream) => {
        frozen.add(stream);
        stream.setFrozen(true);
      });
      return {
        thaw() {
          for (const stream of frozen) stream.setFrozen(false);
        },
      };
    },
    expireHistory() {
      store.history.expire(store.resourceVersion);
      watches.each((stream) => stream.expire());
    },
    expireToken: credentials.expire,
  };
}
