import { execFileSync } from "node:child_process";
import { isAbsolute } from "node:path";
import { expect, test } from "vitest";
import { opencodeBinary } from "../src/index.ts";

test("The binary is the real OpenCode, of the version that the package pins", () => {
  const binary = opencodeBinary();
  expect(isAbsolute(binary)).toBe(true);
  expect(execFileSync(binary, ["--version"], { encoding: "utf8" })).toBe("1.18.33\n");
});

test.each([
  [{ os: "plan9", cpu: "x64", musl: false }, "plan9-x64", "opencode-plan9-x64-baseline"],
  [{ os: "linux", cpu: "x64", musl: true }, "linux-x64-musl", "opencode-linux-x64-baseline-musl"],
  [{ os: "win32", cpu: "arm64", musl: false }, "win32-arm64", "opencode-windows-arm64"],
])("A platform without a binary is named in the error: %o", (platform, key, name) => {
  expect(() => opencodeBinary(platform)).toThrow(
    `No OpenCode binary for ${key}: the package ${name} is not installed`,
  );
});
