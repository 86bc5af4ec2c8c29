import { delimiter, resolve } from "node:path";

/** Which cluster the environment asks for. */
export type ClusterChoice =
  | { readonly kind: "none"; readonly reason: string }
  /** Somebody else's cluster, used as it is found. */
  | { readonly kind: "kubeconfig"; readonly kubeconfig: string }
  /** A folder with the scripts `up`, `down` and `image`, and the folder of the cluster's state. */
  | { readonly kind: "folder"; readonly folder: string; readonly home: string };

/** Where a cluster folder keeps its state unless `CLUSTER_HOME` says otherwise. */
export const DEFAULT_CLUSTER_HOME = "/tmp/paperclip-k8s-cluster";

const NEITHER =
  "neither PAPERCLIP_K8S_CLUSTER (a folder with the scripts up, down and image) nor KUBECONFIG is set: cluster tests are skipped";

/**
 * Reads the choice from an environment; touches nothing.
 *
 * `PAPERCLIP_K8S_CLUSTER` wins over `KUBECONFIG`, since only the former is meant for this suite alone.
 * Relative paths are taken from where the user typed the command (`INIT_CWD`), else from `cwd`.
 */
export function chooseCluster(env: NodeJS.ProcessEnv, cwd: string): ClusterChoice {
  const from = env["INIT_CWD"] || cwd;
  const folder = env["PAPERCLIP_K8S_CLUSTER"];
  if (folder) {
    return {
      kind: "folder",
      folder: resolve(from, folder),
      home: env["CLUSTER_HOME"] || DEFAULT_CLUSTER_HOME,
    };
  }
  const kubeconfig = env["KUBECONFIG"]?.split(delimiter).find((path) => path !== "");
  if (kubeconfig) return { kind: "kubeconfig", kubeconfig: resolve(from, kubeconfig) };
  return { kind: "none", reason: NEITHER };
}
