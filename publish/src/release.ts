// A release as the workflow makes it, in a copy of the workspace: versions, then packs and publishes.
import { cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type RunOptions, run } from "./run.ts";

/** A package of the workspace that people can install. */
export interface PublicPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder, from the root. */
  readonly folder: string;
  readonly engines: { readonly node: string };
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
}

/** The root folder of the repository: absolute. */
export const repositoryRoot = resolve(fileURLToPath(import.meta.url), "../../..");

const LEFT_OUT = ["node_modules", ".git", ".turbo", ".cache", "test", "bench", "test-results.json"];

/** Every package that is not private, by its manifest. */
export async function publicPackages(root: string = repositoryRoot): Promise<readonly PublicPackage[]> {
  const folders = (await readdir(join(root, "packages"))).map((name) => `packages/${name}`);
  const manifests = folders.map(async (folder) => ({
    ...JSON.parse(await readFile(join(root, folder, "package.json"), "utf8")),
    folder,
  }));
  return (await Promise.all(manifests)).filter((manifest) => manifest.private !== true);
}

/** Copies the workspace as it is, with what was built, into a folder: a repository of its own. */
export async function copyWorkspace(copy: string, env: NodeJS.ProcessEnv): Promise<void> {
  const filter = (path: string) =>
    !relative(repositoryRoot, path)
      .split(sep)
      .some((part) => LEFT_OUT.includes(part));
  await cp(repositoryRoot, copy, { recursive: true, filter });
  // Changesets names its changelog generator by package, and finds it from the root.
  await mkdir(join(copy, "node_modules"), { recursive: true });
  await symlink(join(repositoryRoot, "node_modules/@changesets"), join(copy, "node_modules/@changesets"));
  const git = (...args: readonly string[]) =>
    run(["git", "-c", "user.name=release", "-c", "user.email=release@localhost", ...args], {
      cwd: copy,
      env,
    });
  await git("init", "--quiet", "--initial-branch", "main");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "As it is");
}

/** Adds a changeset that names every package, so that there is always something to release. */
export async function addChangeset(copy: string): Promise<void> {
  const names = (await publicPackages(copy)).map(({ name }) => `${JSON.stringify(name)}: patch`);
  const text = `---\n${names.join("\n")}\n---\n\nTried.\n`;
  await writeFile(join(copy, ".changeset/every-package.md"), text);
}

/** Runs the workspace's `changeset` in a copy. */
export function changeset(args: readonly string[], options: RunOptions): Promise<string> {
  return run(["node", join(repositoryRoot, "node_modules/@changesets/cli/bin.js"), ...args], options);
}
