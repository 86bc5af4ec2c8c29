import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const requireFrom = createRequire(import.meta.url);
const runFile = promisify(execFile);

/** The folder with the program of a version of Node that the workspace has. */
export function nodeFolder(major: 20 | 22 | 24): string {
  const name = major === 24 ? "node" : `node-${major}`;
  return join(dirname(requireFrom.resolve(`${name}/package.json`)), "bin");
}

/** The registry that npm is configured with. */
export async function configuredRegistry(): Promise<string> {
  return (await runFile("npm", ["config", "get", "registry"])).stdout.trim();
}

/** The folder with the pnpm of the root's README. */
export async function pnpmFolder(): Promise<string> {
  const { stdout } = await runFile("npx", ["--yes", "--package", "pnpm@12", "--", "which", "pnpm"]);
  return dirname(stdout.trim());
}

/**
 * The variables of somebody who has just installed Node: npm, pnpm and git, a home of their own without any settings,
 * and nothing of this process.
 */
export async function freshUser(home: string, major: 20 | 22 | 24 = 24): Promise<NodeJS.ProcessEnv> {
  await mkdir(home, { recursive: true });
  const path = [nodeFolder(major), await pnpmFolder(), process.env["PATH"] ?? "/usr/bin:/bin"];
  return {
    ...{ PATH: path.join(":"), HOME: home, LANG: "C.UTF-8", CI: "true", NO_COLOR: "1" },
    ...{ npm_config_audit: "false", npm_config_fund: "false", npm_config_update_notifier: "false" },
  };
}
