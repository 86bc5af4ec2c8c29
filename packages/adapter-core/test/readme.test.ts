import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import type { ServerAdapterModule } from "@paperclipai/adapter-utils/types";
import { expect, it } from "vitest";
import * as api from "../src/index.ts";
import { sectionOf } from "./support/readme-section.ts";
import { run } from "./support/run.ts";
import { sharedStage } from "./support/shared-stage.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const stage = sharedStage();

const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
const [importLine = "", imported = ""] =
  /^import \{ (.*) \} from "@paperclip-k8s\/adapter-core";$/m.exec(code) ?? [];
/** The values that the README's example imports. */
const names = imported.split(", ").filter((name) => !name.startsWith("type "));

/** The adapter of the README's example. */
function example(): ServerAdapterModule {
  const body = stripTypeScriptTypes(code.replace(importLine, "").replace(/^export /m, ""));
  const make = new Function("api", `const { ${names} } = api; ${body} return createServerAdapter();`);
  return make(api);
}

it("the README's example imports what the package exports", () => {
  expect(names).toContain("defineAgentAdapter");
  expect(names.filter((name) => !(name in api))).toEqual([]);
});

it("the README's example is an adapter that runs", async () => {
  const adapter = example();
  const { result, stdout } = await run({
    ...{ stage: stage(), adapter, config: { extraArgs: "world" } },
    script: `echo "hello $1"`,
  });
  expect(adapter.type).toBe("script_k8s");
  expect(stdout).toBe("hello world\n");
  expect(result).toMatchObject({ exitCode: 0, summary: "hello world" });
  await stage().nothingLeft();
});

it("the README's example has a field of its own in form and schema", async () => {
  const schema = await example().getConfigSchema?.();
  expect(schema?.fields.map(({ key }) => key)).toContain("shell");
});

it("the README has the error codes of the catalogue, as `tables` writes them", () => {
  expect(sectionOf(readme, "errors")).toBe(api.errorDocumentation(api.errorCatalogue));
});

it("the README names every member of a definition and every function of the package", () => {
  const functions = [
    "defineAgentAdapter",
    "thisHost",
    "parseConfig",
    "formFields",
    "configDocumentation",
    "errorDocumentation",
  ];
  const members = [
    "sessionIdPattern",
    "commandLine",
    "createReducer",
    "verdict",
    "preamble",
    "inheritedEnvironment",
  ];
  for (const name of [...functions, ...members, "errorCatalogue"]) expect(readme).toContain(`\`${name}`);
});
