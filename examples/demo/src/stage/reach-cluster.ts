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
  // What the library makes up where it finds no file.
  if (server === undefined || kubeConfig.getCurrentContext() === "loaded-context") {
    const message =
      "No cluster is configured: --cluster takes the current context of KUBECONFIG or ~/.kube/config.";
    throw new DemoError("no_cluster", message);
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
