import type { Options } from "tsup";
import { shared } from "./tsup.shared.ts";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/**
 * The host's helpers import one constant from a package of 500 KB of schemas that does not say that its modules may be
 * left out.
 */
const hostSharedIsPure: Plugin = {
  name: "host-shared-is-pure",
  setup(build) {
    build.onResolve(
      { filter: /^(\.|@paperclipai\/shared)/ },
      async ({ path, importer, resolveDir, kind, pluginData }) => {
        const isShared = path.startsWith("@") || /[\\/]@paperclipai[\\/]shared[\\/]/.test(importer);
        if (!isShared || pluginData === hostSharedIsPure) return undefined;
        const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: hostSharedIsPure });
        return { ...found, sideEffects: false };
      },
    );
  },
};

const bundle: Options = {
  ...shared,
  // The types are written by hand: what they would be bundled from is no dependency of the package.
  dts: false,
  esbuildPlugins: [hostSharedIsPure],
  // From the sources of our own packages, so that nothing has to be built before.
  esbuildOptions: (options) => {
    options.conditions = ["@paperclip-k8s/source", "import", "default"];
  },
};

/** The two files of a published adapter: what the host loads, and the parser that it evaluates in a browser worker. */
export const adapterBundles: Options[] = [
  // One file, since a reload of the host imports the entry alone anew.
  { ...bundle, entry: ["src/index.ts"], splitting: false },
  {
    ...bundle,
    entry: ["src/ui-parser.ts"],
    format: "cjs",
    platform: "browser",
    target: "es2022",
    clean: false,
    minify: true,
  },
];
