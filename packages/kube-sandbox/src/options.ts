import type { Clock } from "./clock.ts";
import type { Delays } from "./controllers/context.ts";
import type { ImageOptions } from "./kubelet/process/image-pull.ts";
import type { DeniedPermission } from "./server/authorize.ts";

/** A claim that is there from the start, bound. */
export interface ClaimOption {
  readonly namespace: string;
  readonly name: string;
  /** `["ReadWriteMany"]` by default. */
  readonly accessModes?: readonly string[];
  /** The claim's folder; `<directory>/volumes/<namespace>/<name>` by default. It is made, never removed, if given. */
  readonly path?: string;
}

/** A node that pods are placed on. */
export interface NodeOption {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Quantities by resource; cpu 64, memory 256Gi, ephemeral-storage 1Ti and pods 10000 by default. */
  readonly allocatable?: Readonly<Record<string, string>>;
  readonly unschedulable?: boolean;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
}

/** Options of `startKubeSandbox`; all have defaults. */
export interface KubeSandboxOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** `127.0.0.1` by default. Anything else lets others run programs as you: do not. */
  readonly host?: string;
  /** A new folder below the system's temporary one by default, removed by `close()`. */
  readonly directory?: string;
  /** Made at the start, besides `default`. */
  readonly namespaces?: readonly string[];
  readonly claims?: readonly ClaimOption[];
  /** Whether claims that are created later get a folder and are bound; true by default. */
  readonly provisionClaims?: boolean;
  /** One node named `sandbox` by default. */
  readonly nodes?: readonly NodeOption[];
  readonly images?: ImageOptions;
  /** Folders put before the `PATH` of process pods: what an image would have installed. */
  readonly path?: readonly string[];
  /** What the user of the kubeconfig may not do; nothing is denied by default. */
  readonly permissions?: { readonly deny: readonly DeniedPermission[] };
  readonly delays?: Partial<Delays>;
  /** Between two bookmarks of a watch, in ms; 60 000 by default. */
  readonly bookmarkMs?: number;
  /** Whether `requests` is kept; true by default. */
  readonly requestLog?: boolean;
  readonly clock?: Clock;
  /** 0 to 1, for faults with a probability; `Math.random` by default. */
  readonly random?: () => number;
}
