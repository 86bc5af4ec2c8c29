import { readFile } from "node:fs/promises";
import { configDocumentation } from "@paperclip-k8s/adapter-core";
import { expect, it } from "vitest";
import { claude } from "../src/definition.ts";

const readme = plain(await readFile(new URL("../README.md", import.meta.url), "utf8"));

/** A table without what only aligns it. */
function plain(markdown: string): string {
  return markdown.replace(/ +/g, " ").replace(/-{3,}/g, "---");
}

it("the README has the options of the schema", () => {
  expect(readme).toContain(plain(configDocumentation(claude)));
});

it("the README has every code that an end of Claude Code may have", async () => {
  const source = await readFile(new URL("../src/errors.ts", import.meta.url), "utf8");
  const codes = [...source.matchAll(/(?:: \[|failed\(\s*)"([a-z_]+)"/g)].map((match) => match[1]);
  expect(codes.length).toBeGreaterThan(15);
  for (const code of codes) expect(readme).toContain(`| \`${code}\` |`);
});
