import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fixture } from "./claude/fixture.ts";

test("The example of the README runs as it stands there", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? "";
  const source = new URL("../src/index.ts", import.meta.url).href;
  const folder = mkdtempSync(join(tmpdir(), "readme-"));
  const file = join(folder, "example.ts");
  writeFileSync(file, example.replace("@paperclip-k8s/stream-json", source));
  const { stdout, stderr } = spawnSync(process.execPath, [file], {
    input: fixture("unicode").stdout,
    encoding: "utf8",
  });
  rmSync(folder, { recursive: true });
  expect(stderr).toBe("");
  expect(stdout).toContain("● Grüße 👩‍👩‍👧 — 你好");
  expect(stdout).toContain("✔ done · 1 turn · 0.0 s · 100 tokens in, 28 out · $0.0010");
  expect(stdout).toContain("state: 'finished'");
});
