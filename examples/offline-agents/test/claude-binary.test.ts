import { execFileSync } from "node:child_process";
import { isAbsolute } from "node:path";
import { expect, test } from "vitest";
import { claudeBinary } from "../src/index.ts";

test("The binary is the real Claude Code, of the version that the package pins", () => {
  const binary = claudeBinary();
  expect(isAbsolute(binary)).toBe(true);
  expect(execFileSync(binary, ["--version"], { encoding: "utf8" })).toMatch(/^2\.1\.329 \(Claude Code\)/);
});

test("A platform without a binary is named in the error", () => {
  expect(() => claudeBinary({ os: "plan9", cpu: "mips", musl: false })).toThrow(
    /No Claude Code binary for plan9-mips: the package @anthropic-ai\/claude-code-plan9-mips/,
  );
});
