import { readFile } from "node:fs/promises";
import { configDocumentation } from "@paperclip-k8s/adapter-core";
import { expect, it } from "vitest";
import { claude } from "../src/definition.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

it("the README has the options of the schema", () => {
  expect(readme).toContain(configDocumentation(claude));
});

it("the README has every code that an end of Claude Code may have", async () => {
  const source = await readFile(new URL("../src/errors.ts", import.meta.url), "utf8");
  const codes = [...source.matchAll(/(?:\[|failed\(\s*)"([a-z_]+)"/g)].map((match) => match[1]);
  expect(codes.length).toBeGreaterThan(15);
  for (const code of codes) expect(readme).toContain(`| \`${code}\` |`);
});
