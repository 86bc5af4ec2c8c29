import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The absolute path of a program in an environment's `PATH`; undefined where there is none. */
export function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
