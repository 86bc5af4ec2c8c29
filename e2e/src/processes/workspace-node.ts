import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const requireFrom = createRequire(import.meta.url);

/** The Node that the workspace brings, whichever one runs the suite: an absolute path. */
export function workspaceNode(): string {
  return join(dirname(requireFrom.resolve("node/package.json")), "bin", "node");
}

/** A `PATH` on which `node` is the workspace's, then what the given environment has. */
export function pathWithWorkspaceNode(env: NodeJS.ProcessEnv): string {
  return `${dirname(workspaceNode())}:${env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"}`;
}

/** The root folder of the repository: absolute. */
export function repositoryRoot(): string {
  return resolve(fileURLToPath(import.meta.url), "../../../..");
}
