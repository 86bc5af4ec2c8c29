// What must hold for every adapter that is published: the tests of its package.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AgentDefinition,
  configDocumentation,
  type ErrorEntry,
  errorDocumentation,
  formFields,
  parseConfig,
} from "../../../src/index.ts";
import { sectionOf } from "../readme-section.ts";
import { storedUntouched } from "./stored-untouched.ts";

const ts = "2026-01-01T00:00:00.000Z";

/** A published adapter. */
export interface PublishedAdapter {
  /** The package's folder. */
  readonly root: URL;
  readonly definition: Pick<AgentDefinition, "type" | "label" | "fields" | "models">;
  createServerAdapter(): { readonly type: string; readonly models?: readonly { readonly id: string }[] };
  /** Lines of the real CLI. */
  readonly lines: readonly string[];
  toTranscript(line: string): readonly unknown[];
  /** Every error code that its definition may give. */
  readonly errors: Readonly<Record<string, ErrorEntry>>;
}

/** Declares the tests. */
export function testPublishedAdapter(adapter: PublishedAdapter): void {
  const { definition, lines, toTranscript } = adapter;
  const root = fileURLToPath(adapter.root);
  /** Below the package, so that the built entry finds its dependencies. */
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(root, "node_modules", ".built-"));
    const tsup = join(dirname(createRequire(import.meta.url).resolve("tsup")), "cli-default.js");
    await promisify(execFile)(process.execPath, [tsup, "--outDir", folder], { cwd: root, timeout: 60_000 });
  }, 90_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  describe("H6: the UI parser", () => {
    it("is one text without imports, small enough for the host", async () => {
      const source = await readFile(join(folder, "ui-parser.cjs"), "utf8");
      expect(source).not.toMatch(/\brequire\(|\bimport\b|\bprocess\.|node:/);
      expect(Buffer.byteLength(source)).toBeLessThan(50 * 1024);
    });

    it("gives entries for everything that the real CLI printed, and keeps no state", async () => {
      const { parseStdoutLine } = evaluate(await readFile(join(folder, "ui-parser.cjs"), "utf8"));
      const forwards = lines.map((line) => parseStdoutLine(line, ts));
      const backwards = lines.toReversed().map((line) => parseStdoutLine(line, ts));
      expect(backwards.reverse()).toEqual(forwards);
      expect(forwards.map((entries) => entries.length)).toEqual(
        lines.map((line) => toTranscript(line).length),
      );
      expect(new Set(forwards.flat().map(({ kind }) => kind))).toContain("tool_call");
    });

    it("shows what is no event as it came", async () => {
      const { parseStdoutLine } = evaluate(await readFile(join(folder, "ui-parser.cjs"), "utf8"));
      expect(parseStdoutLine("not JSON", ts)).toEqual([{ kind: "stdout", ts, text: "not JSON" }]);
    });
  });

  describe("H1: the entry", () => {
    it("is one file that needs only Node and the package's dependencies", async () => {
      expect((await readdir(folder)).sort()).toEqual(["index.js", "ui-parser.cjs"]);
      const source = await readFile(join(folder, "index.js"), "utf8");
      // The host's helpers drag 500 KB of schemas along unless they are left out.
      expect(Buffer.byteLength(source)).toBeLessThan(600 * 1024);
      const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
      const { builtinModules } = createRequire(import.meta.url)("node:module");
      const known = [...builtinModules, ...Object.keys(manifest.dependencies)];
      const imported = [...source.matchAll(/^(?:import|export)\b[^'"\n]*["']([^'"]+)["'];?$/gm)].map(
        (match) => match[1],
      );
      expect(imported.length).toBeGreaterThan(2);
      expect(imported.filter((name) => !known.includes(name?.replace(/^node:/, "")))).toEqual([]);
    });

    it("loads as the host loads it, and again after a reload", async () => {
      await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
      const entry = pathToFileURL(join(folder, "index.js"));
      for (const reload of ["", "?t=1"]) {
        const { createServerAdapter } = await import(/* @vite-ignore */ `${entry}${reload}`);
        expect(createServerAdapter()).toMatchObject({
          type: definition.type,
          execute: expect.any(Function),
        });
      }
    });
  });

  describe("the adapter", () => {
    it("H5: is made without reading a variable", () => {
      const before = process.env;
      const read: string[] = [];
      process.env = new Proxy(before, {
        get(target, name) {
          read.push(String(name));
          return Reflect.get(target, name);
        },
      });
      try {
        expect(adapter.createServerAdapter().type).toBe(definition.type);
      } finally {
        process.env = before;
      }
      expect(read).toEqual([]);
    });

    it("offers its models as the form's", () => {
      const field = formFields(definition).fields.find(({ key }) => key === "model");
      const models = adapter.createServerAdapter().models?.map(({ id }) => id);
      expect(field?.options?.map(({ value }) => value)).toEqual(models);
    });

    it("H2: has a form that stores nothing for a new agent but what no config means", () => {
      const untouched = storedUntouched(formFields(definition).fields);
      expect(parseConfig(definition, untouched)).toEqual(parseConfig(definition, {}));
    });

    it("documents its own fields first", () => {
      expect(configDocumentation(definition).split("\n")[2]).toMatch(/^\| `model` \|/);
    });
  });

  describe("the README", () => {
    it("has the options of the schema, as `tables` writes them", async () => {
      const readme = await readFile(join(root, "README.md"), "utf8");
      expect(sectionOf(readme, "options")).toBe(configDocumentation(definition));
    });

    it("has every code that an end of the CLI may have, as `tables` writes them", async () => {
      const readme = await readFile(join(root, "README.md"), "utf8");
      expect(sectionOf(readme, "errors")).toBe(errorDocumentation(adapter.errors));
    });

    it("knows every code that the package's source names", async () => {
      const source = await readFile(join(root, "src", "errors.ts"), "utf8");
      const named = [...source.matchAll(/failed\(\s*"([a-z_]+)"/g)].map((match) => match[1] ?? "");
      expect(named.length).toBeGreaterThan(0);
      for (const code of named) expect(Object.keys(adapter.errors)).toContain(code);
    });
  });
}

/** As the host's worker evaluates it. */
function evaluate(source: string): { parseStdoutLine(line: string, ts: string): { kind: string }[] } {
  const module = { exports: {} };
  const body = `"use strict";{${source}}`;
  new Function("exports", "module", "self", "globalThis", body)(module.exports, module, undefined, undefined);
  return module.exports as never;
}
