import { defineConfig, type Options } from "tsup";
import { shared } from "../../tsup.shared.ts";

const bundle: Options = {
  ...shared,
  // The types are written by hand: what they would be bundled from is no dependency of the package.
  dts: false,
  // From the sources of our own packages, so that nothing has to be built before.
  esbuildOptions: (options) => {
    options.conditions = ["@paperclip-k8s/source", "import", "default"];
  },
};

export default defineConfig([
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
]);
