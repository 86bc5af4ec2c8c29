import { randomUUID } from "node:crypto";
import { type AgentRunSpec, instanceId, runDirectory } from "@paperclip-k8s/job-manifest";
import type { TestNamespace } from "../namespace/open-namespace.ts";

/** What a test says of a run; everything else is as a default run of an adapter has it. */
export interface PodRunSpecOptions extends Partial<Omit<AgentRunSpec, "identity" | "namespace">> {
  readonly namespace: TestNamespace;
  readonly image: string;
  readonly command: AgentRunSpec["command"];
  readonly identity?: Partial<AgentRunSpec["identity"]>;
}

/** Where the pods of these tests see the shared volume. */
export const MOUNT_PATH = "/paperclip";
const INSTANCE = "default";
const GRACE_SEC = 5;

/** The description of one run with ids of its own: of the pod protocol's defaults, in `namespace`. */
export function podRunSpec(options: PodRunSpecOptions): AgentRunSpec {
  const { namespace, identity, ...changes } = options;
  const ids = { companyId: randomUUID(), agentId: randomUUID(), runId: randomUUID(), ...identity };
  const volume = `${namespace.name}/${namespace.claim}`;
  return {
    identity: { adapterType: "shell_k8s", taskId: null, sessionId: null, attempt: 1, ...ids },
    naming: {
      jobPrefix: "pr-",
      labelDomain: "paperclip.io",
      managedBy: "paperclip",
      instanceId: instanceId({ volume, instance: INSTANCE }),
    },
    namespace: namespace.name,
    imagePullPolicy: "IfNotPresent",
    workingDirectory: `${MOUNT_PATH}/instances/${INSTANCE}/workspaces/${ids.agentId}`,
    prompt: "",
    environment: {},
    volume: { claimName: namespace.claim, mountPath: MOUNT_PATH },
    runDirectory: changes.runDirectory ?? runDirectory({ instance: INSTANCE, ...ids }),
    user: { uid: namespace.user.uid, gid: namespace.user.gid },
    bounds: { schedulingSec: 300, imagePullSec: 900, startSec: 120, timeoutSec: 0, graceSec: GRACE_SEC },
    ttlSecondsAfterFinished: 300,
    ...changes,
  };
}

/** An agent CLI in shell text; `$1` and so on are `argv`. */
export function sh(text: string, ...argv: string[]): [string, ...string[]] {
  return ["/bin/sh", "-c", text, "agent", ...argv];
}
