import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { embeddedModule, withoutComments } from "../../scripts/embed-script.ts";
import { agentRunScript } from "../../src/script/agent-run.ts";

const read = (name: string) => readFileSync(new URL(`../../src/script/${name}`, import.meta.url), "utf8");

test("the embedded script is the one in agent-run.sh", () => {
  expect(agentRunScript).toBe(withoutComments(read("agent-run.sh")));
  expect(read("agent-run.ts")).toBe(embeddedModule(read("agent-run.sh")));
});

test("comments and blank lines do not travel with every pod", () => {
  expect(withoutComments("# why\n\na=1\n  # indented\n  b=2 # kept\n")).toBe("a=1\n  b=2 # kept");
});

test("the script fits into one argument of exec with room to spare", () => {
  expect(Buffer.byteLength(agentRunScript)).toBeLessThan(16 * 1024);
});
