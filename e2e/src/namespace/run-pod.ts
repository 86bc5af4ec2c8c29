import type { V1Pod, V1PodSecurityContext } from "@kubernetes/client-node";
import { deleted } from "../cluster/clients.ts";
import { waitFor } from "../wait-for.ts";
import type { TestNamespace } from "./open-namespace.ts";

/** One pod with one container, run to its end. */
export interface RunPodOptions {
  readonly namespace: TestNamespace;
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  /** Default: the host user, as the restricted level wants it. */
  readonly securityContext?: V1PodSecurityContext;
  /** Bound of the whole run, ms. Default 120 000. */
  readonly withinMs?: number;
}

/** How a pod ended. */
export interface EndedPod {
  readonly exitCode: number;
  /** Stdout and stderr, as the kubelet kept them. */
  readonly output: string;
}

/**
 * Runs a pod with a read-only root, `/tmp` as an emptyDir and the claim at `/paperclip`, and removes it.
 *
 * Rejects with the API's refusal if it may not be created, with `timed_out` if it does not end.
 */
export async function runPod(options: RunPodOptions): Promise<EndedPod> {
  const { namespace, name, withinMs = 120_000 } = options;
  const { core } = namespace.clients;
  const at = { namespace: namespace.name, name };
  await core.createNamespacedPod({ namespace: namespace.name, body: podOf(options) });
  try {
    const exitCode = await waitFor(
      async () => {
        const pod = await core.readNamespacedPod(at);
        return pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
      },
      { what: `pod ${name} to end`, withinMs },
    );
    return { exitCode, output: await core.readNamespacedPodLog(at) };
  } finally {
    await deleted(core.deleteNamespacedPod({ ...at, gracePeriodSeconds: 1 }));
  }
}

function podOf(options: RunPodOptions): V1Pod {
  const { namespace, name, image, command } = options;
  const { uid, gid } = namespace.user;
  const restricted = {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: gid,
    seccompProfile: { type: "RuntimeDefault" },
  };
  return {
    metadata: { name },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: options.securityContext ?? restricted,
      containers: [
        {
          name: "only",
          image,
          imagePullPolicy: "IfNotPresent",
          command: [...command],
          env: [{ name: "HOME", value: "/tmp" }],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: [
            { name: "tmp", mountPath: "/tmp" },
            { name: "paperclip", mountPath: "/paperclip" },
          ],
        },
      ],
      volumes: [
        { name: "tmp", emptyDir: {} },
        { name: "paperclip", persistentVolumeClaim: { claimName: namespace.claim } },
      ],
    },
  };
}
