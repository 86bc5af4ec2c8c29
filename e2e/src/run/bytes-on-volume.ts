import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { TestNamespace } from "../namespace/open-namespace.ts";

/** The size of a file at the volume's root, such as one that an agent adds to while it works; 0 where there is none. */
export async function bytesOnVolume(
  { volumeFolder }: Pick<TestNamespace, "volumeFolder">,
  name: string,
): Promise<number> {
  return (await stat(join(volumeFolder, name)).catch(() => undefined))?.size ?? 0;
}
