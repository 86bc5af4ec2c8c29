// Paperclip with the claude adapter in it as a user would install it, and a scripted model that its agents talk to.
import { join } from "node:path";
import {
  claudeBinary,
  offlineClaudeEnvironment,
  type Script,
  type ScriptedModel,
  startScriptedModel,
} from "@paperclip-k8s/offline-agents";
import { packAdapter } from "../adapter-package/pack-adapter.ts";
import { unpackAdapter } from "../adapter-package/unpack-adapter.ts";
import { ensureAgentImage } from "../cluster/agent-image.ts";
import type { PresentCluster } from "../cluster/cluster.ts";
import { requirePodReachableAddress } from "../cluster/pod-reachable-address.ts";
import type { InstalledAdapter } from "../paperclip/api/api-types.ts";
import { openPaperclip, type PaperclipOnCluster } from "../paperclip-on-cluster.ts";
import { repositoryRoot } from "../processes/workspace-node.ts";

/** What a scenario on the real host starts from. */
export interface ClaudeHost extends AsyncDisposable {
  readonly paperclip: PaperclipOnCluster;
  readonly model: ScriptedModel;
  readonly installed: InstalledAdapter;
  /** A config that finds cluster, volume, image and model. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Where it runs, and what the model answers. */
export interface OpenClaudeHostOptions {
  readonly cluster: PresentCluster;
  readonly env: NodeJS.ProcessEnv;
  readonly script: Script;
}

/** The adapter's type, as the host knows it. */
export const CLAUDE = "claude_k8s";

/** Packs the adapter, which is built by then, installs the tarball with its dependencies, and starts a host with it (about 30 s). */
export async function openClaudeHost(options: OpenClaudeHostOptions): Promise<ClaudeHost> {
  const { cluster, env, script } = options;
  await using made = new AsyncDisposableStack();
  const executables = { "/usr/local/bin/claude": claudeBinary() };
  const image = await ensureAgentImage({ cluster, executables, env });
  const paperclip = made.use(await openPaperclip({ cluster, env }));
  const host = await requirePodReachableAddress(paperclip.namespace.clients.core, env);
  const model = made.use(await startScriptedModel({ host, script }));
  const packageFolder = join(repositoryRoot(), "packages", "claude-k8s");
  const packed = await packAdapter({ packageFolder, into: paperclip.folder, env });
  const folder = await unpackAdapter({ packed, folder: join(paperclip.folder, "claude"), env });
  const installed = await paperclip.api.installAdapter({ kind: "folder", folder });
  const kept = made.move();
  return {
    paperclip,
    model,
    installed,
    config: {
      ...paperclip.adapterConfig,
      image,
      // By default the CLI tries again for minutes, also what cannot succeed.
      env: offlineClaudeEnvironment({ baseUrl: model.url, maxRetries: 1 }),
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
