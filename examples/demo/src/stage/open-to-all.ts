import { stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Whether everybody may pass a real path and all folders above it, and run it where it is a program. */
export async function isOpenToAll(path: string): Promise<boolean> {
  const { mode } = await stat(path);
  if ((mode & 0o001) === 0) return false;
  return path === dirname(path) || isOpenToAll(dirname(path));
}
