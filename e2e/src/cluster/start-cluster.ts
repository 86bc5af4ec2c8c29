import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { E2eError } from "../e2e-error.ts";
import { runCommand } from "../processes/run-command.ts";
import { waitFor } from "../wait-for.ts";
import { type ClusterChoice, chooseCluster } from "./choose-cluster.ts";
import { clusterClients } from "./clients.ts";
import type { Cluster, PresentCluster } from "./cluster.ts";
import { separatePodLogs } from "./separate-pod-logs.ts";

/** What decides about the cluster; the defaults are those of this process. */
export interface ObtainClusterOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/**
 * The cluster that the environment asks for, started if its folder says that it is down.
 *
 * Nothing asked for is `absent`. Asked for but not answering throws `E2eError` `cluster_unusable`.
 */
export async function obtainCluster(options: ObtainClusterOptions): Promise<Cluster> {
  const choice = chooseCluster(options.env, options.cwd);
  if (choice.kind === "none") return { state: "absent", reason: choice.reason };
  try {
    const cluster =
      choice.kind === "kubeconfig"
        ? foundCluster(choice.kubeconfig)
        : await folderCluster(choice, options.env);
    await answers(cluster.kubeconfig);
    return cluster;
  } catch (cause) {
    throw new E2eError(
      "cluster_unusable",
      `the cluster that was asked for cannot be used: ${String(cause)}`,
      { cause },
    );
  }
}

/** Stops a cluster that this run started; leaves every other one as it is. */
export async function releaseCluster(cluster: Cluster): Promise<void> {
  if (cluster.state === "absent" || !cluster.startedHere || cluster.folder === undefined) return;
  await runCommand({
    command: join(cluster.folder, "down"),
    env: folderEnvironment(cluster.home, process.env),
  });
}

function foundCluster(kubeconfig: string): PresentCluster {
  return { state: "present", kubeconfig, folder: undefined, home: undefined, startedHere: false };
}

async function folderCluster(
  choice: Extract<ClusterChoice, { kind: "folder" }>,
  env: NodeJS.ProcessEnv,
): Promise<PresentCluster> {
  const { folder, home } = choice;
  const running = hasLiveParts(home);
  // `up` clears away whatever does not answer. A cluster that somebody has stopped for a moment,
  // to see what an outage does, must get the time to come back instead.
  if (running)
    await waitFor(
      () =>
        answers(join(home, "admin.kubeconfig")).then(
          () => true,
          () => false,
        ),
      { what: "the running cluster to answer" },
    );
  const { stdout } = await runCommand({
    command: join(folder, "up"),
    // One that runs is used as it is found. A node can be lost only where there is another one.
    args: running ? [] : ["--nodes", "2"],
    env: folderEnvironment(home, env),
    timeoutMs: 600_000,
  });
  const kubeconfig = stdout.trim().split("\n").at(-1) ?? "";
  const cluster: PresentCluster = { state: "present", kubeconfig, folder, home, startedHere: !running };
  if (cluster.startedHere) await separatePodLogs(cluster);
  return cluster;
}

function folderEnvironment(home: string | undefined, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return home === undefined ? env : { ...env, CLUSTER_HOME: home };
}

function hasLiveParts(home: string): boolean {
  const file = join(home, "pids");
  if (!existsSync(file)) return false;
  const pids = readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "");
  return pids.some((pid) => pid !== "" && existsSync(`/proc/${pid}`));
}

async function answers(kubeconfig: string): Promise<void> {
  await clusterClients(kubeconfig).version.getCode();
}
