import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("the example of the README runs", async () => {
  const readme = await readFile(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8");
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const sources = pathToFileURL(fileURLToPath(new URL("../src/index.ts", import.meta.url))).href;
  const directory = await mkdtemp(join(tmpdir(), "file-tailer-"));
  try {
    const script = join(directory, "example.mjs");
    await writeFile(script, example.replace("@paperclip-k8s/file-tailer", sources));
    const { stdout } = await promisify(execFile)(process.execPath, [script], { cwd: directory });
    expect(stdout).toBe("0 first line\n11 second line\ntrue\n");
  } finally {
    await rm(directory, { recursive: true });
  }
});
