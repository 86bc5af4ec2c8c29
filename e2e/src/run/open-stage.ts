import {
  claudeBinary,
  offlineClaudeEnvironment,
  type ScriptedModel,
  scriptByPrompt,
  startScriptedModel,
} from "@paperclip-k8s/offline-agents";
import { ensureAgentImage } from "../cluster/agent-image.ts";
import type { PresentCluster } from "../cluster/cluster.ts";
import { requirePodReachableAddress } from "../cluster/pod-reachable-address.ts";
import { openNamespace, type TestNamespace } from "../namespace/open-namespace.ts";

/** A namespace with an image, a scripted model that its pods reach, and the config that ties them together. */
export interface Stage extends AsyncDisposable {
  readonly namespace: TestNamespace;
  readonly model: ScriptedModel;
  readonly config: Readonly<Record<string, unknown>>;
}

export async function openStage(options: {
  cluster: PresentCluster;
  env: NodeJS.ProcessEnv;
}): Promise<Stage> {
  const { cluster, env } = options;
  await using made = new AsyncDisposableStack();
  const image = await ensureAgentImage({
    cluster,
    executables: { "/usr/local/bin/claude": claudeBinary() },
    env,
  });
  const namespace = made.use(await openNamespace({ cluster, env }));
  const host = await requirePodReachableAddress(namespace.clients.core, env);
  const model = made.use(await startScriptedModel({ host, script: scriptByPrompt() }));
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
      env: offlineClaudeEnvironment({ baseUrl: model.url }),
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
