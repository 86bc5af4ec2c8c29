import { mkdir } from "node:fs/promises";
import { runCommand } from "../processes/run-command.ts";
import { pathWithWorkspaceNode } from "../processes/workspace-node.ts";

/** A tarball and the folder that it is installed in. */
export interface UnpackAdapterOptions {
  readonly tarball: string;
  /** Absolute; it is made. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Unpacks an adapter into a folder of its own and installs its dependencies there; returns the folder.
 *
 * This is how two adapters live in one host: its own install of a second package prunes the first.
 */
export async function unpackAdapter(options: UnpackAdapterOptions): Promise<string> {
  const { tarball, folder, env } = options;
  await mkdir(folder, { recursive: true });
  await runCommand({
    command: "tar",
    args: ["-xzf", tarball, "-C", folder, "--strip-components=1", "--no-same-owner"],
  });
  const args = ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
  const npmEnv = { ...env, PATH: pathWithWorkspaceNode(env) };
  await runCommand({ command: "npm", args, cwd: folder, env: npmEnv, timeoutMs: 300_000 });
  return folder;
}
