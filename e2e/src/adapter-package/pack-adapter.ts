import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CommandOutput, runCommand } from "../processes/run-command.ts";
import { pathWithWorkspaceNode } from "../processes/workspace-node.ts";

/** A package to pack, and where its tarball goes. */
export interface PackAdapterOptions {
  /** The folder of the package, built. */
  readonly packageFolder: string;
  readonly into: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A package as a registry would hand it out. */
export interface PackedAdapter {
  readonly packageName: string;
  readonly version: string;
  /** Absolute path of the tarball. */
  readonly tarball: string;
}

/** Packs a package as it would be published: by pnpm, which applies `publishConfig`. */
export async function packAdapter(options: PackAdapterOptions): Promise<PackedAdapter> {
  const { packageFolder, into, env } = options;
  const { stdout } = await runPnpm(["pack", "--json", "--pack-destination", into], packageFolder, env);
  const { filename } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as { filename: string };
  const manifest = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"));
  return { packageName: manifest.name, version: manifest.version, tarball: filename };
}

/** The workspace's own, as its README calls it; npx has it at hand already where the workspace was installed so. */
const PNPM = "pnpm@12";

/** Runs the workspace's pnpm; rejects with the end of its output. */
export function runPnpm(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<CommandOutput> {
  const pnpmEnv = { ...env, PATH: pathWithWorkspaceNode(env) };
  return runCommand({
    command: "npx",
    args: ["--yes", PNPM, ...args],
    cwd,
    env: pnpmEnv,
    timeoutMs: 300_000,
  });
}
