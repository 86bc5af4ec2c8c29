import { type KubeConfig, VersionApi } from "@kubernetes/client-node";
import { DemoError } from "../demo-error.ts";

const PATIENCE_MS = 5_000;

/**
 * Loads the current kubeconfig (`KUBECONFIG`, else the usual places) and asks its server for its version.
 *
 * @returns the server's address
 * @throws DemoError `no_cluster` that names the address and the reason
 */
export async function reachCluster(kubeConfig: KubeConfig): Promise<string> {
  try {
    kubeConfig.loadFromDefault();
  } catch (error) {
    throw new DemoError("no_cluster", `The kubeconfig cannot be used: ${reasonOf(error)}.`, error);
  }
  const server = kubeConfig.getCurrentCluster()?.server;
  if (server === undefined) {
    throw new DemoError("no_cluster", "The current kubeconfig names no cluster: choose a context first.");
  }
  const late = AbortSignal.timeout(PATIENCE_MS);
  const giveUp = new Promise<never>((_resolve, reject) => {
    const reason = new Error(`no answer within ${PATIENCE_MS / 1000} s`);
    late.addEventListener("abort", () => reject(reason), { once: true });
  });
  try {
    await Promise.race([kubeConfig.makeApiClient(VersionApi).getCode(), giveUp]);
  } catch (error) {
    const message = `No cluster answers at ${server}: ${reasonOf(error)}. Without --cluster the demo brings its own.`;
    throw new DemoError("no_cluster", message, error);
  }
  return server;
}

/** The innermost cause: "fetch failed" says nothing. */
function reasonOf(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause !== undefined) innermost = innermost.cause;
  if (!(innermost instanceof Error)) return String(innermost);
  const { code } = innermost as { code?: unknown };
  if (typeof code === "number") return `it refuses with status ${code}`;
  const [line = ""] = innermost.message.split("\n");
  return line.replace(/\.$/u, "") || String(code ?? innermost.name);
}
