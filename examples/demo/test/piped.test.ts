import { expect, test } from "vitest";
import { startDemo } from "./start-demo.ts";

test("into a file the demo writes plain text of at most 80 columns, also where colours are wanted", async () => {
  const { code, stdout, stderr } = await startDemo({
    args: [],
    env: { TERM: "xterm-256color", COLUMNS: "200" },
  });
  expect(code).toBe(0);
  expect(stderr).toBe("");
  expect(stdout).not.toContain("\u001b");
  expect(stdout).toContain("✔ 0 Jobs    ✔ 0 Pods    ✔ 0 Secrets    ✔ 0 run files");
  expect(Math.max(...stdout.split("\n").map((line) => [...line].length))).toBeLessThanOrEqual(80);
});
