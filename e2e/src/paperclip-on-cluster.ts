// What most scenarios begin with: a namespace, a server whose home is the shared volume, and one adapter in it.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PresentCluster } from "./cluster/cluster.ts";
import { podReachableAddress } from "./cluster/pod-reachable-address.ts";
import { E2eError } from "./e2e-error.ts";
import { openNamespace, type TestNamespace } from "./namespace/open-namespace.ts";
import { type PaperclipApi, paperclipApi } from "./paperclip/api/api-client.ts";
import type { Run } from "./paperclip/api/api-types.ts";
import { hostRedaction } from "./paperclip/host-redaction.ts";
import { installPaperclip, paperclipVersion } from "./paperclip/install-paperclip.ts";
import { type PaperclipServer, startServer } from "./paperclip/server/start-server.ts";
import { type StoredOutput, watchStoredOutput } from "./paperclip/stored-output.ts";

/** A server and the cluster that its adapter runs agents on. */
export interface PaperclipOnCluster extends AsyncDisposable {
  readonly namespace: TestNamespace;
  /** The server that runs now; another one after `restart`. */
  readonly server: PaperclipServer;
  /** Its `endedRun` rejects where the host's log of a run that succeeded is not what its agent CLI wrote. */
  readonly api: PaperclipApi;
  /** The runs whose stored log has been held against what was written. */
  readonly comparedRuns: ReadonlySet<string>;
  readonly companyId: string;
  /** A folder of the suite that the server can read, for tarballs and unpacked adapters. */
  readonly folder: string;
  /** What an adapter's config needs to find cluster and volume; the image comes from `ensureAgentImage`. */
  readonly adapterConfig: Readonly<Record<string, string>>;
  /** Starts the server again on the same data and port; `stop` or `kill` it before. */
  restart(): Promise<PaperclipServer>;
}

/** Where it runs. */
export interface OpenPaperclipOptions {
  readonly cluster: PresentCluster;
  readonly env: NodeJS.ProcessEnv;
  /** Of the npm package `paperclipai`. Default: what the environment asks for, else the newest supported. */
  readonly version?: string;
  /** More variables for the server. */
  readonly extraEnvironment?: NodeJS.ProcessEnv;
}

/**
 * Starts a server on a namespace of its own, with the shared volume as its home, as in production, and a company.
 *
 * Disposal stops the server, removes the namespace and all folders; with `PAPERCLIP_K8S_KEEP=1` the server's folder
 * with its log stays, and its path is printed.
 */
export async function openPaperclip(options: OpenPaperclipOptions): Promise<PaperclipOnCluster> {
  const { cluster, env, extraEnvironment, version = paperclipVersion(env) } = options;
  await using made = new AsyncDisposableStack();
  const modules = await installPaperclip({ version, env });
  const namespace = made.use(await openNamespace({ cluster, env }));
  const folder = await mkdtemp(join(tmpdir(), "paperclip-k8s-server-"));
  made.defer(() => removeUnlessKept(folder, env));
  await chmod(folder, 0o711);
  const podAddress = await podReachableAddress(namespace.clients.core, env);
  const at = {
    modules,
    version,
    user: namespace.user,
    folder: join(folder, "server"),
    home: namespace.volumeFolder,
  };
  const start = (port?: number) =>
    startServer({
      ...at,
      podAddress,
      env,
      ...(port && { port }),
      ...(extraEnvironment && { extraEnvironment }),
    });
  let server = await start();
  made.defer(() => server.stop());
  const port = Number(new URL(server.url).port);
  const output = made.use(
    await watchStoredOutput({
      volume: namespace.volumeFolder,
      redact: await hostRedaction(modules),
    }),
  );
  const comparedRuns = new Set<string>();
  const plainApi = paperclipApi(server.url);
  const api: PaperclipApi = {
    ...plainApi,
    async endedRun(runId, withinMs) {
      const run = await plainApi.endedRun(runId, withinMs);
      if (await isStoredWhole(run, plainApi, output)) comparedRuns.add(runId);
      return run;
    },
  };
  const { id: companyId } = await api.createCompany("Cluster suite");
  const kept = made.move();
  return {
    namespace,
    get server() {
      return server;
    },
    api,
    companyId,
    comparedRuns,
    folder,
    adapterConfig: configOf(namespace),
    async restart() {
      server = await start(port);
      return server;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Whether what the host stored of a run that succeeded could be held against what was written; rejects where it differs. */
async function isStoredWhole(run: Run, api: PaperclipApi, output: StoredOutput): Promise<boolean> {
  if (run.status !== "succeeded") return false;
  const compared = await output.compare(run.id, await api.log(run.id));
  if (typeof compared === "string") throw new E2eError("output_differs", `run ${run.id}: ${compared}`);
  return compared === true;
}

function configOf(namespace: TestNamespace): Record<string, string> {
  return {
    kubeconfig: namespace.kubeconfig,
    namespace: namespace.name,
    volumeClaim: namespace.claim,
    volumeHostPath: namespace.volumeFolder,
    volumeMountPath: "/paperclip",
  };
}

async function removeUnlessKept(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  if (env["PAPERCLIP_K8S_KEEP"]) console.warn(`kept: ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}
