// A cluster without a cluster: kube-sandbox in this process, whose pods are processes on this machine.
import { chmod, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { type KubeSandbox, startKubeSandbox } from "@paperclip-k8s/kube-sandbox";
import { claudeBinary } from "@paperclip-k8s/offline-agents";
import { createHostPod, hostPodImage } from "./host-pod.ts";
import { openModel } from "./model.ts";
import { isOpenToAll } from "./open-to-all.ts";
import { placeProgram } from "./place-program.ts";
import type { Stage } from "./stage.ts";

const NAMESPACE = "paperclip";
const CLAIM = "paperclip-data";
const HOST_POD = "paperclip-0";

/** Opens a sandbox with a volume, a host pod and a model; disposing ends every process and removes every file. */
export async function openSandboxStage(options: {
  readonly live: boolean;
  readonly environment: NodeJS.ProcessEnv;
}): Promise<Stage> {
  const { live, environment } = options;
  await using made = new AsyncDisposableStack();
  const model = made.use(await openModel({ live, environment, host: "127.0.0.1" }));
  const root = made.adopt(await makeRoot(), (folder) => rm(folder, { recursive: true, force: true }));
  await placeProgram({ program: claudeBinary(), name: "claude", folder: join(root, "bin") });
  const sandbox = made.use(await openSandbox(root));
  const volume = sandbox.volumePath(NAMESPACE, CLAIM);
  const kubeconfig = join(root, "kubeconfig");
  await sandbox.writeKubeconfig(kubeconfig);
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(sandbox.kubeconfig);
  const host = { namespace: NAMESPACE, name: HOST_POD, claim: CLAIM, volume };
  await createHostPod({ ...host, sandbox, kubeConfig });
  // The downward API gives a real host these two.
  Object.assign(environment, { POD_NAME: HOST_POD, POD_NAMESPACE: NAMESPACE });
  const kept = made.move();
  return {
    config: {
      ...sandboxConfig({ kubeconfig, volume, directory: sandbox.directory }),
      inheritEnv: model.config.inheritEnv,
      // The CLI's sockets: the pod's own scratch folder has too long a path for them, and /tmp is the machine's.
      env: { ...model.config.env, XDG_RUNTIME_DIR: join(root, "run") },
    },
    description: {
      ...{ cluster: "kube-sandbox", server: sandbox.url, namespace: NAMESPACE, image: hostPodImage },
      ...{ claim: CLAIM, volume, model: live ? "live" : "scripted" },
    },
    requests: () => sandbox.requests,
    ...{ kubeConfig, namespace: NAMESPACE, labelSelector: undefined, hostPod: HOST_POD },
    ...{ runFolder: volume, settledWithinMs: 5_000 },
    tidy: async () => {},
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function openSandbox(root: string): Promise<KubeSandbox> {
  return startKubeSandbox({
    directory: join(root, "sandbox"),
    namespaces: [NAMESPACE],
    claims: [{ namespace: NAMESPACE, name: CLAIM, accessModes: ["ReadWriteMany"] }],
    // What the image would have installed.
    path: [join(root, "bin")],
  });
}

/** Image, claim and namespace are not here: they come from the host's own pod. */
function sandboxConfig(place: {
  readonly kubeconfig: string;
  readonly volume: string;
  readonly directory: string;
}): Readonly<Record<string, unknown>> {
  const { kubeconfig, volume, directory } = place;
  return {
    kubeconfig,
    // Processes have no mount namespace: host and pod see the volume at one path, and each Job has paths of its own.
    volumeHostPath: volume,
    volumeMountPath: volume,
    secretMountPath: join(directory, "run", "{job}"),
    tmpMountPath: join(directory, "tmp", "{job}"),
  };
}

async function makeRoot(): Promise<string> {
  const usual = await realpath(tmpdir());
  // Where this process is root the pods are not, and must pass through.
  const parent = process.getuid?.() !== 0 || (await isOpenToAll(usual)) ? usual : "/tmp";
  const root = await realpath(await mkdtemp(join(parent, "paperclip-")));
  await chmod(root, 0o711);
  await mkdir(join(root, "run"));
  await chmod(join(root, "run"), 0o1777);
  return root;
}
