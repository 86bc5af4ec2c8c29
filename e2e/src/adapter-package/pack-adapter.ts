import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { E2eError } from "../e2e-error.ts";
import { runCommand } from "../processes/run-command.ts";
import { pathWithWorkspaceNode, repositoryRoot } from "../processes/workspace-node.ts";

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

/** Runs a package's `build` script, by the workspace's pnpm. */
export async function buildPackage(packageFolder: string, env: NodeJS.ProcessEnv): Promise<void> {
  await runPnpm(["run", "build"], packageFolder, env);
}

/** Packs a package as it would be published: by pnpm, which applies `publishConfig`. */
export async function packAdapter(options: PackAdapterOptions): Promise<PackedAdapter> {
  const { packageFolder, into, env } = options;
  const { stdout } = await runPnpm(["pack", "--json", "--pack-destination", into], packageFolder, env);
  const { filename } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as { filename: string };
  const manifest = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"));
  return { packageName: manifest.name, version: manifest.version, tarball: filename };
}

async function runPnpm(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  const root = JSON.parse(await readFile(join(repositoryRoot(), "package.json"), "utf8"));
  const pnpm = /^pnpm@[\d.]+/.exec(root.packageManager ?? "")?.[0];
  if (pnpm === undefined) throw new E2eError("install_failed", "the root package.json names no pnpm");
  const pnpmEnv = { ...env, PATH: pathWithWorkspaceNode(env) };
  return runCommand({
    command: "npx",
    args: ["--yes", pnpm, ...args],
    cwd,
    env: pnpmEnv,
    timeoutMs: 300_000,
  });
}
