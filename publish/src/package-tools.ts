import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { NODE_VERSIONS, type NodeVersion } from "@paperclip-k8s/compat/node-versions";
import { run } from "./run.ts";

/** A version of Node that the workspace has. */
export function nodeVersion(major: NodeVersion["major"]): NodeVersion {
  return NODE_VERSIONS.find((version) => version.major === major)!;
}

/** The registry that npm is configured with. */
export async function configuredRegistry(): Promise<string> {
  return (await run(["npm", "config", "get", "registry"], here())).trim();
}

/** The folder with the pnpm of the root's README. */
async function pnpmFolder(): Promise<string> {
  const program = await run(["npx", "--yes", "--package", "pnpm@12", "--", "which", "pnpm"], here());
  return dirname(program.trim());
}

function here() {
  return { cwd: process.cwd(), env: process.env };
}

/**
 * The variables of somebody who has just installed Node 24: npm, pnpm and git, a home of their own without any
 * settings, and nothing of this process.
 */
export async function freshUser(home: string): Promise<NodeJS.ProcessEnv> {
  await mkdir(home, { recursive: true });
  const path = [dirname(nodeVersion(24).program), await pnpmFolder(), process.env["PATH"] ?? "/usr/bin:/bin"];
  return {
    ...{ PATH: path.join(":"), HOME: home, LANG: "C.UTF-8", CI: "true", NO_COLOR: "1" },
    ...{ npm_config_audit: "false", npm_config_fund: "false", npm_config_update_notifier: "false" },
  };
}
