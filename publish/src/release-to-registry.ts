import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configuredRegistry, freshUser } from "./package-tools.ts";
import { addChangeset, changeset, copyWorkspace, type PublicPackage, publicPackages } from "./release.ts";
import { type Registry, startRegistry } from "./start-registry.ts";

/** Where a tried release happens. */
export interface ReleaseOptions {
  /** An empty folder; all that is made lies in it. */
  readonly folder: string;
}

/** A release on a registry of its own. Disposal ends the registry. */
export interface Released extends AsyncDisposable {
  readonly registry: Registry;
  /** As they were published. */
  readonly packages: readonly PublicPackage[];
  /** Variables of a user whose npm and pnpm know that registry. */
  readonly env: NodeJS.ProcessEnv;
  /** The workspace after its version step. */
  readonly copy: string;
}

/** Takes the version step in a copy of the workspace and publishes every public package (about 15 s); it must be built. */
export async function release({ folder }: ReleaseOptions): Promise<Released> {
  const own = (await publicPackages()).map(({ name }) => name);
  const uplink = await configuredRegistry();
  await using made = new AsyncDisposableStack();
  const registry = made.use(await startRegistry({ folder: join(folder, "registry"), uplink, own }));
  const home = join(folder, "home");
  const env = await freshUser(home);
  const copy = join(folder, "copy");
  await copyWorkspace(copy, env);
  await addChangeset(copy);
  await changeset(["version"], { cwd: copy, env });
  await writeFile(join(home, ".npmrc"), registry.npmrc);
  await changeset(["publish", "--no-git-tag"], { cwd: copy, env });
  const kept = made.move();
  return {
    ...{ registry, env, copy, packages: await publicPackages(copy) },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
