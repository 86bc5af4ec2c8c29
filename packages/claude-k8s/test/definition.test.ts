import { configDocumentation, formFields, parseConfig } from "@paperclip-k8s/adapter-core";
import { describe, expect, it } from "vitest";
import { claude } from "../src/definition.ts";
import { createServerAdapter } from "../src/index.ts";
import type { createServerAdapter as published } from "../types/index.d.ts";

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
      expect(createServerAdapter().type).toBe("claude_k8s");
    } finally {
      process.env = before;
    }
    expect(read).toEqual([]);
  });

  it("has the types that are published", () => {
    const create: typeof published = createServerAdapter;
    expect(create).toBe(createServerAdapter);
  });

  it("offers its models as the form's", () => {
    const { models } = createServerAdapter();
    const field = formFields(claude).fields.find(({ key }) => key === "model");
    expect(field?.options?.map(({ value }) => value)).toEqual(models?.map(({ id }) => id));
  });

  it("documents its own fields first", () => {
    expect(configDocumentation(claude).split("\n")[2]).toMatch(/^\| `model` \|/);
  });

  it("H2: refuses a model of two words, and names the field", () => {
    expect(parseConfig(claude, { model: "claude opus" })).toMatchObject({
      ok: false,
      problems: [{ field: "model" }],
    });
  });

  it("resumes sessions of Claude Code only", () => {
    expect(claude.sessionIdPattern?.test("00000000-0000-4000-8000-000000000001")).toBe(true);
    expect(claude.sessionIdPattern?.test("ses_01")).toBe(false);
  });
});
