import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { expect, test } from "vitest";
import * as api from "../src/index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the README's example runs", async () => {
  const code = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;
  const body = stripTypeScriptTypes(code.replace(/^import [\s\S]*? from .*$/m, ""));
  const run = new Function(
    "api",
    `const { buildJob, buildSecret, instanceId, resumePatch, runDirectory } = api; ${body}
    return { job, secret, patch };`,
  ) as (api: unknown) => Record<string, { kind?: string }>;
  const { job, secret, patch } = run(api);
  expect([job!.kind, secret!.kind, patch]).toEqual(["Job", "Secret", { spec: { suspend: false } }]);
});

test("every function of the package is in the README", () => {
  const functions = Object.entries(api).filter(
    ([, value]) => typeof value === "function" && !/^[A-Z]/.test(value.name),
  );
  const missing = functions.map(([name]) => name).filter((name) => !readme.includes(name));
  expect(missing).toEqual([]);
});
