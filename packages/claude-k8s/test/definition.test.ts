import { parseConfig } from "@paperclip-k8s/adapter-core";
import { expect, it } from "vitest";
import { claude } from "../src/definition.ts";

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
