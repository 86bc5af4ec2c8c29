import { basename, join } from "node:path";
import { build } from "tsup";

const HOME = join(import.meta.dirname, "../..");

/**
 * Builds a measuring process as plain JavaScript, as users get it: stripping types at run time would add its own
 * 17 MB to each measurement. Resolves to the program's path.
 *
 * @param entry the source, below `src/`
 * @param folder where it is built, below this package
 */
export async function buildChild(entry = "child.ts", folder = "dist"): Promise<string> {
  const outDir = join(HOME, folder);
  await build({
    config: false,
    entry: [join(HOME, "src", entry)],
    tsconfig: join(HOME, "tsconfig.json"),
    outDir,
    format: "esm",
    target: "node20",
    platform: "node",
    splitting: true,
    clean: true,
    silent: true,
    external: ["@logdna/tail-file", "tail"],
    noExternal: [/^@paperclip-k8s\//],
    esbuildOptions: (options) => {
      options.conditions = ["@paperclip-k8s/source"];
    },
  });
  return join(outDir, basename(entry, ".ts").concat(".js"));
}
