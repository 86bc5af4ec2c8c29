import { join } from "node:path";
import { build } from "tsup";

/** Builds a TypeScript program into one file of plain JavaScript in a folder; resolves to its path. */
export async function buildProgram(source: string, folder: string): Promise<string> {
  await build({
    config: false,
    entry: { program: source },
    outDir: folder,
    format: "esm",
    target: "node20",
    platform: "node",
    silent: true,
    outExtension: () => ({ js: ".mjs" }),
  });
  return join(folder, "program.mjs");
}
