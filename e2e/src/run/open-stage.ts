import {
  type Script,
  type ScriptedModel,
  scriptByPrompt,
  startScriptedModel,
} from "@paperclip-k8s/offline-agents";
import { ensureAgentImage } from "../cluster/agent-image.ts";
import type { PresentCluster } from "../cluster/cluster.ts";
import { requirePodReachableAddress } from "../cluster/pod-reachable-address.ts";
import { openNamespace, type TestNamespace } from "../namespace/open-namespace.ts";
import { type ModelAgent, modelAgents } from "./agents.ts";

/** A namespace with an image, a scripted model that its pods reach, and the config that ties them together. */
export interface Stage extends AsyncDisposable {
  readonly namespace: TestNamespace;
  readonly model: ScriptedModel;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What a stage is made for. */
export interface StageOptions {
  /** Whose CLI is in the image. Default: Claude Code's. */
  readonly agent?: ModelAgent;
  /** What the model answers. Default: the script that the prompt names. */
  readonly script?: Script;
}

export async function openStage(
  options: StageOptions & { readonly cluster: PresentCluster; readonly env: NodeJS.ProcessEnv },
): Promise<Stage> {
  const { cluster, env, agent = "claude", script = scriptByPrompt() } = options;
  const { executables, config } = modelAgents[agent];
  await using made = new AsyncDisposableStack();
  const image = await ensureAgentImage({ cluster, executables: executables(), env });
  const namespace = made.use(await openNamespace({ cluster, env }));
  const host = await requirePodReachableAddress(namespace.clients.core, env);
  const model = made.use(await startScriptedModel({ host, script }));
  const kept = made.move();
  return {
    namespace,
    model,
    config: {
      kubeconfig: namespace.kubeconfig,
      namespace: namespace.name,
      image,
      volumeClaim: namespace.claim,
      volumeHostPath: namespace.volumeFolder,
      ...config(model.url),
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
