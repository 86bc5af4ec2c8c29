import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { VERSION } from "../src/version.ts";

it("the version that cores find each other by is the package's", async () => {
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
  expect(VERSION).toBe(JSON.parse(text).version);
});
