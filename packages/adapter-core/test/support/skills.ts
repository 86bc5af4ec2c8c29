import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes a skill's files onto the host's disk, and says of it what the host does. */
export async function skillOnHost(
  folder: string,
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, unknown>>> {
  const source = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(source, path)), { recursive: true });
    await writeFile(join(source, path), text);
  }
  return { key: `acme/${name}`, runtimeName: name, source };
}
