import { chmod, mkdir, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig, type V1Job, type V1ObjectMeta } from "@kubernetes/client-node";
import { createKubeTransport, type KubeTransport } from "@paperclip-k8s/job-supervisor";
import { type KubeSandbox, type KubeSandboxOptions, startKubeSandbox } from "@paperclip-k8s/kube-sandbox";
import { until } from "./until.ts";

export const NAMESPACE = "agents";
export const CLAIM = "shared";

/** A cluster in this process, with a volume that host and pods share. */
export interface Stage extends AsyncDisposable {
  readonly sandbox: KubeSandbox;
  /** A folder that pods can pass through as well. */
  readonly root: string;
  readonly kubeconfig: string;
  readonly volume: string;
  readonly transport: KubeTransport;
  /** A config that says all; short waits. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Jobs, Secrets and pods that are there, and files of runs. */
  left(): Promise<Left>;
  /** Fails unless nothing is left within some seconds. */
  nothingLeft(): Promise<void>;
  jobs(): Promise<readonly V1Job[]>;
}

export interface Left {
  readonly jobs: readonly string[];
  readonly secrets: readonly string[];
  readonly pods: readonly string[];
  readonly files: readonly string[];
}

export async function openStage(options: Partial<KubeSandboxOptions> = {}): Promise<Stage> {
  const root = await openFolder();
  const sandbox = await startKubeSandbox({
    directory: join(root, "sandbox"),
    namespaces: [NAMESPACE],
    claims: [{ namespace: NAMESPACE, name: CLAIM, accessModes: ["ReadWriteMany"] }],
    ...options,
  });
  const kubeconfig = join(root, "kubeconfig");
  await sandbox.writeKubeconfig(kubeconfig);
  const transport = transportTo(sandbox);
  const volume = sandbox.volumePath(NAMESPACE, CLAIM);
  const list = async <T = { metadata: V1ObjectMeta }>(path: string) =>
    (await transport.json<{ items: T[] }>({ method: "GET", path })).items;
  const names = async (path: string) => (await list(path)).map(({ metadata }) => metadata.name ?? "");
  const jobsPath = `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`;
  const left = async () => ({
    jobs: await names(jobsPath),
    secrets: await names(`/api/v1/namespaces/${NAMESPACE}/secrets`),
    pods: await names(`/api/v1/namespaces/${NAMESPACE}/pods`),
    files: await runFilesIn(volume),
  });
  return {
    ...{ sandbox, root, kubeconfig, volume, transport, left },
    config: {
      ...{ kubeconfig, namespace: NAMESPACE, image: "example/agent:1", volumeClaim: CLAIM },
      // Processes have no mount namespace: host and pod see the volume at one path, and each Job has paths of its own.
      ...{ volumeHostPath: volume, volumeMountPath: volume, graceSec: 2 },
      secretMountPath: join(sandbox.directory, "run", "{job}"),
      tmpMountPath: join(sandbox.directory, "tmp", "{job}"),
    },
    jobs: () => list<V1Job>(jobsPath),
    nothingLeft: async () => {
      let seen: Left | null = null;
      await until("an empty cluster and volume", async () => {
        seen = await left();
        return Object.values(seen).flat().length === 0;
      }).catch(() => {
        throw new Error(`left behind: ${JSON.stringify(seen)}`);
      });
    },
    [Symbol.asyncDispose]: async () => {
      await sandbox.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export function transportTo(sandbox: KubeSandbox): KubeTransport {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(sandbox.kubeconfig);
  return createKubeTransport({ kubeConfig, userAgent: "test" });
}

/** Where this process is root the pods are not, and must pass through. */
export async function openFolder(): Promise<string> {
  const parent = process.getuid?.() === 0 ? "/tmp" : await realpath(tmpdir());
  const root = await realpath(await mkdtemp(join(parent, "adapter-core-")));
  await chmod(root, 0o711);
  await mkdir(join(root, "sandbox"), { mode: 0o755 });
  return root;
}

/** The files in all run directories of a volume. */
export async function runFilesIn(volume: string): Promise<readonly string[]> {
  const all = await readdir(volume, { recursive: true, withFileTypes: true });
  return all.filter((entry) => !entry.isDirectory() && entry.name.includes(".pod")).map(({ name }) => name);
}
