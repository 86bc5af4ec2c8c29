import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { PresentCluster } from "../cluster/cluster.ts";
import { E2eError } from "../e2e-error.ts";
import { findProgram } from "../processes/find-program.ts";

/** The pod whose log is followed. */
export interface FollowLogOptions {
  /** Its path, as `findKubectl` gives it. */
  readonly kubectl: string;
  readonly cluster: PresentCluster;
  readonly namespace: string;
  readonly pod: string;
}

/** The kubectl of the cluster's folder, else the one in `PATH`; undefined where there is none. */
export function findKubectl({ home }: PresentCluster, env: NodeJS.ProcessEnv): string | undefined {
  const own = home && join(home, "kubectl");
  return own && existsSync(own) ? own : findProgram("kubectl", env);
}

/** All that `kubectl logs -f` prints of the agent's container until it ends by itself. Throws `E2eError` `command_failed`. */
export async function followLog(options: FollowLogOptions): Promise<Buffer> {
  const { kubectl, cluster, namespace, pod } = options;
  const args = ["logs", "-f", "--namespace", namespace, "--container", "agent", pod];
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfig };
  const child = spawn(kubectl, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const [log, [code]] = await Promise.all([buffer(child.stdout), once(child, "exit")]);
  if (code !== 0) throw new E2eError("command_failed", `kubectl ${args.join(" ")} ended with ${code}`);
  return log;
}
