import type { Options } from "tsup";

/** What all published packages have in common: ESM for Node 20 and later, types beside it. */
export const shared: Options = {
  format: "esm",
  target: "node20",
  platform: "node",
  dts: true,
  clean: true,
  sourcemap: false,
  treeshake: true,
  outDir: "dist",
};
