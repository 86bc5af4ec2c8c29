import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../processes/run-command.ts";
import { pathWithWorkspaceNode } from "../processes/workspace-node.ts";
import type { PackedAdapter } from "./pack-adapter.ts";

/** A packed adapter and the folder that it is installed in. */
export interface UnpackAdapterOptions {
  readonly packed: PackedAdapter;
  /** Absolute; it is made. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Installs a packed adapter with its dependencies into a folder of its own; returns the folder of the package, which
 * a host takes as a local path.
 *
 * This is how two adapters live in one host: its own install of a second package prunes the first. As a dependency,
 * not by `npm install` in the unpacked package: that looks up the devDependencies too, which may be unpublished.
 */
export async function unpackAdapter(options: UnpackAdapterOptions): Promise<string> {
  const { packed, folder, env } = options;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{"private":true}\n');
  const args = ["install", "--prefix", folder, "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
  const npmEnv = { ...env, PATH: pathWithWorkspaceNode(env) };
  await runCommand({
    command: "npm",
    args: [...args, packed.tarball],
    cwd: folder,
    env: npmEnv,
    timeoutMs: 300_000,
  });
  return join(folder, "node_modules", packed.packageName);
}
