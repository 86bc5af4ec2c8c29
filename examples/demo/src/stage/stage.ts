import type { AuditedRequest } from "@paperclip-k8s/kube-sandbox";
import type { ProofPlace } from "../proof/what-is-left.ts";

/** Where the runs take place: a cluster, a volume, a model, and the adapter config that ties them together. */
export interface Stage extends ProofPlace, AsyncDisposable {
  /** The agent's `adapterConfig`, as an operator would write it into Paperclip's form. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly description: StageDescription;
  /** Every request since the cluster's start; null where nobody counts them. */
  readonly requests: (() => readonly AuditedRequest[]) | null;
  /** Removes the agent's workspace and home from a volume that is not the demo's own. */
  tidy(): Promise<void>;
}

/** What is said of a stage. */
export interface StageDescription {
  readonly cluster: "kube-sandbox" | "cluster";
  /** The API server's address. */
  readonly server: string;
  readonly namespace: string;
  readonly image: string;
  readonly claim: string;
  /** The claim's folder on this machine. */
  readonly volume: string;
  readonly model: "scripted" | "live";
}
