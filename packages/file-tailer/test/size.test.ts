import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "tsup";
import { expect, test } from "vitest";

test("the entry is below 12 KB, minified and gzipped", async () => {
  const folder = await mkdtemp(join(tmpdir(), "file-tailer-size-"));
  try {
    await build({
      config: false,
      entry: [fileURLToPath(new URL("../src/index.ts", import.meta.url))],
      outDir: folder,
      format: "esm",
      platform: "node",
      target: "node20",
      minify: true,
      silent: true,
    });
    const { length } = gzipSync(await readFile(join(folder, "index.js")));
    expect(length).toBeGreaterThan(5 * 1024);
    expect(length).toBeLessThan(12 * 1024);
  } finally {
    await rm(folder, { recursive: true });
  }
});
