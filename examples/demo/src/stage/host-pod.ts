import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import type { KubeSandbox } from "@paperclip-k8s/kube-sandbox";

/** The image of the host's pod, which its agents run in as well. */
export const hostPodImage = "paperclip-demo/agent:1";

/**
 * Makes the pod that this process pretends to run in: the adapter takes image, claim and namespace from it, as in a
 * real installation. It has no process; a script keeps it running.
 */
export async function createHostPod(options: {
  readonly sandbox: KubeSandbox;
  readonly kubeConfig: KubeConfig;
  readonly namespace: string;
  readonly name: string;
  readonly claim: string;
  /** Where the host sees the volume. */
  readonly volume: string;
}): Promise<void> {
  const { sandbox, kubeConfig, namespace, name, claim, volume } = options;
  sandbox.pods.script({ namespace, name }, async (_pod, { setRunning, signal }) => {
    setRunning();
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  });
  await kubeConfig.makeApiClient(CoreV1Api).createNamespacedPod({
    namespace,
    body: {
      metadata: { name },
      spec: {
        restartPolicy: "Never",
        containers: [
          { name: "paperclip", image: hostPodImage, volumeMounts: [{ name: "data", mountPath: volume }] },
        ],
        volumes: [{ name: "data", persistentVolumeClaim: { claimName: claim } }],
      },
    },
  });
}
