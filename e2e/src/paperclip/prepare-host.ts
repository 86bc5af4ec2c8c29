import { runPnpm } from "../adapter-package/pack-adapter.ts";
import { chooseCluster } from "../cluster/choose-cluster.ts";
import { repositoryRoot } from "../processes/workspace-node.ts";
import { installPaperclip, paperclipVersion } from "./install-paperclip.ts";

/** Once for all files that run on a host, since they run side by side: builds the adapters, and installs the host. */
export default async function prepareHost(project: { config: { env: NodeJS.ProcessEnv } }): Promise<void> {
  if (chooseCluster(process.env, process.cwd()).kind === "none") return;
  const env = { ...process.env, ...project.config.env };
  await runPnpm(["run", "build"], repositoryRoot(), env);
  await installPaperclip({ version: paperclipVersion(env), env });
}
