import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NODE_VERSIONS, type NodeVersion } from "@paperclip-k8s/compat/node-versions";
import type { PublicPackage } from "./release.ts";
import { run } from "./run.ts";

/** An empty project into which one package was installed. */
export interface UserProject {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Makes an empty project and installs packages by name, as a user types it. */
export async function installInto(
  project: UserProject,
  tool: "npm" | "pnpm",
  names: readonly string[],
): Promise<void> {
  const { folder: cwd, env } = project;
  await mkdir(cwd, { recursive: true });
  await writeFile(join(cwd, "package.json"), '{ "private": true, "type": "module" }\n');
  await run([tool, tool === "npm" ? "install" : "add", ...names], { cwd, env });
}

/** What a user can import from a package: the names of its entries. */
export function entriesOf({ name, exports }: PublicPackage): readonly string[] {
  return Object.keys(exports).map((entry) => name + entry.slice(1));
}

/** Imports an entry under a version of Node; resolves to the names of what it exports. */
export async function importUnder(
  { major, program: node }: NodeVersion,
  entry: string,
  { folder, env }: UserProject,
): Promise<readonly string[]> {
  const program = `
    const found = await import(${JSON.stringify(entry)});
    const adapter = found.createServerAdapter?.();
    if (adapter && !adapter.type) throw new Error("an adapter without a type");
    console.log(JSON.stringify([process.version, ...Object.keys(found)]));
  `;
  const stdout = await run([node, "--input-type=module", "--eval", program], { cwd: folder, env });
  const [version, ...names] = JSON.parse(stdout) as [string, ...string[]];
  if (!version.startsWith(`v${major}.`)) throw new Error(`this is Node ${version}`);
  return names;
}

/** The versions of Node that a package promises, of those that the workspace has. */
export function promisedVersions({ engines }: Pick<PublicPackage, "engines">): readonly NodeVersion[] {
  const least = Number(/^>=(\d+)/.exec(engines.node)?.[1] ?? Number.NaN);
  return NODE_VERSIONS.filter(({ major }) => major >= least);
}
