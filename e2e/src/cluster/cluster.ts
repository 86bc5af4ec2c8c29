/** A cluster as every test file gets it; plain data, since it crosses from vitest's main process. */
export type Cluster = { readonly state: "absent"; readonly reason: string } | PresentCluster;

/** A cluster that answers. */
export interface PresentCluster {
  readonly state: "present";
  /** Path of a kubeconfig whose user may do everything. */
  readonly kubeconfig: string;
  /** The folder with its scripts, where it came from one. */
  readonly folder: string | undefined;
  /** The folder of its state (`logs/audit.jsonl`), where it came from a folder. */
  readonly home: string | undefined;
  /** Whether this run of the suite started it, and hence stops it. */
  readonly startedHere: boolean;
}
