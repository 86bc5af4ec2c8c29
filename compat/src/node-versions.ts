import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const requireFrom = createRequire(import.meta.url);

/** A version of Node, and where its program is. */
export interface NodeVersion {
  /** The major version. */
  readonly major: 20 | 22 | 24;
  /** Absolute path of the program. */
  readonly program: string;
}

function programOf(name: string): string {
  return join(dirname(requireFrom.resolve(`${name}/package.json`)), "bin", "node");
}

/** The versions of Node that the packages are to work with. */
export const NODE_VERSIONS: readonly NodeVersion[] = [
  { major: 20, program: programOf("node-20") },
  { major: 22, program: programOf("node-22") },
  { major: 24, program: programOf("node") },
];
