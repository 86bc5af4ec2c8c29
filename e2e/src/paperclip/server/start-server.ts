import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { E2eError } from "../../e2e-error.ts";
import type { HostUser } from "../../namespace/host-user.ts";
import { workspaceNode } from "../../processes/workspace-node.ts";
import { waitFor } from "../../wait-for.ts";
import { assertReachable } from "./assert-reachable.ts";
import { freePort } from "./free-port.ts";
import { spawnServer } from "./spawn-server.ts";
import { stopServer } from "./stop-server.ts";
import { forwardToLoopback } from "./tcp-forwarder.ts";

/** A running Paperclip server. Disposal stops it, embedded Postgres included, and keeps its folder. */
export interface PaperclipServer extends AsyncDisposable {
  readonly version: string;
  /** `http://127.0.0.1:<port>`, for the suite. */
  readonly url: string;
  /** The same for pods; undefined without a `podAddress`. */
  readonly podUrl: string | undefined;
  readonly pid: number;
  readonly home: string;
  /** Stdout and stderr of the server. */
  readonly logFile: string;
  /** Sends SIGTERM and waits; content if it has ended already. */
  stop(): Promise<void>;
  /** Sends SIGKILL, as a crash of the host; Postgres lives on until `stop`. */
  kill(): Promise<void>;
}

/** How a server is started. */
export interface StartServerOptions {
  /** From `installPaperclip`. */
  readonly modules: string;
  readonly version: string;
  readonly user: HostUser;
  /**
   * The server's own folder; it is made if it is missing. Starting again on the same folder is a restart: same
   * data, and the same port if `port` is given.
   */
  readonly folder: string;
  /** `PAPERCLIP_HOME`. Default: `paperclip` in `folder`; in production it is the shared volume. */
  readonly home?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** The address of this machine that pods reach; undefined: pods do not reach the server. */
  readonly podAddress?: string | undefined;
  /** The suite's environment. */
  readonly env: NodeJS.ProcessEnv;
  /** More variables for the server. */
  readonly extraEnvironment?: NodeJS.ProcessEnv;
}

const READY_BOUND_MS = 120_000;

/**
 * Starts a headless server and waits until it is ready (8 to 40 s on fresh data).
 *
 * Throws `E2eError` `server_not_ready` with the end of its log if it ends or is not ready in 120 s.
 */
export async function startServer(options: StartServerOptions): Promise<PaperclipServer> {
  const { version, folder, modules, podAddress, user } = options;
  const home = options.home ?? join(folder, "paperclip");
  const port = options.port ?? (await freePort());
  const entry = join(modules, "@paperclipai", "server", "dist", "index.js");
  if (user.mustSwitch) await assertReachable([entry, workspaceNode(), folder]);
  const { child, logFile } = await spawnServer({ ...options, home, port, entry });
  let forwarder: AsyncDisposable | undefined;
  const stop = async () => {
    await forwarder?.[Symbol.asyncDispose]();
    forwarder = undefined;
    await stopServer({ child, home });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await becomesReady(child, url, logFile);
    // Not before: a server that finds its port taken on any address moves on to the next one (2026.824.1).
    if (podAddress !== undefined) forwarder = await forwardToLoopback({ address: podAddress, port });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    version,
    url,
    podUrl: podAddress === undefined ? undefined : `http://${podAddress}:${port}`,
    pid: child.pid ?? 0,
    home,
    logFile,
    stop,
    kill: () => endChild(child, "SIGKILL"),
    [Symbol.asyncDispose]: stop,
  };
}

async function becomesReady(child: ChildProcess, url: string, logFile: string): Promise<void> {
  const isReady = async () => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("it has ended");
    const health = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5000) }).then(
      (r) => r.json(),
      () => undefined,
    );
    return (health as { status?: string } | undefined)?.status === "ok";
  };
  try {
    await waitFor(isReady, { what: "the server to be ready", withinMs: READY_BOUND_MS });
  } catch (cause) {
    const tail = (await readFile(logFile, "utf8")).slice(-4000);
    throw new E2eError("server_not_ready", `Paperclip did not become ready (${String(cause)}):\n${tail}`, {
      cause,
    });
  }
}

async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, "exit");
}
