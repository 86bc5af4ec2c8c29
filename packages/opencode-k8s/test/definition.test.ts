import { parseConfig } from "@paperclip-k8s/adapter-core";
import { expect, it } from "vitest";
import { opencode } from "../src/definition.ts";

it.each([
  ["model", "sonnet"],
  ["model", "anthropic/claude sonnet"],
  ["concurrency", "task"],
  ["concurrency", "unlimited"],
  ["providerWaitSec", "-1"],
])("H2: refuses %s %j, and names the field", (field, value) => {
  expect(parseConfig(opencode, { [field]: value })).toMatchObject({ ok: false, problems: [{ field }] });
});

it("H2: takes a config as the form sends it", () => {
  const raw = { model: " openrouter/anthropic/claude-sonnet-5 ", providerWaitSec: "0", concurrency: "agent" };
  expect(parseConfig(opencode, raw)).toMatchObject({
    ok: true,
    config: { model: "openrouter/anthropic/claude-sonnet-5", providerWaitSec: 0, concurrency: "agent" },
  });
});

it("resumes sessions of OpenCode only", () => {
  expect(opencode.sessionIdPattern?.test("ses_defb03356ffe6tKiOZYigLAmCS")).toBe(true);
  expect(opencode.sessionIdPattern?.test("00000000-0000-4000-8000-000000000001")).toBe(false);
});
