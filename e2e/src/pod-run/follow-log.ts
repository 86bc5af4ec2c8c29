import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { PresentCluster } from "../cluster/cluster.ts";
import { E2eError } from "../e2e-error.ts";

/** The pod whose log is followed. */
export interface FollowLogOptions {
  readonly cluster: PresentCluster;
  readonly namespace: string;
  readonly pod: string;
}

/** The kubectl of the cluster's folder, else the one in `PATH`. */
export function kubectlOf({ home }: PresentCluster): string {
  const own = home && join(home, "kubectl");
  return own && existsSync(own) ? own : "kubectl";
}

/** All that `kubectl logs -f` prints until it ends by itself. Throws `E2eError` `command_failed`. */
export async function followLog(options: FollowLogOptions): Promise<Buffer> {
  const { cluster, namespace, pod } = options;
  const args = ["logs", "-f", "--namespace", namespace, "--container", "agent", pod];
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfig };
  const child = spawn(kubectlOf(cluster), args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const [log, [code]] = await Promise.all([buffer(child.stdout), once(child, "exit")]);
  if (code !== 0) throw new E2eError("command_failed", `kubectl ${args.join(" ")} ended with ${code}`);
  return log;
}
