import fc from "fast-check";
import { expect, test } from "vitest";
import { openCodeStatusPlugin, readOpenCodeStderr } from "../../src/index.ts";
import { fixture, fixtureNames } from "./fixture.ts";

const prefix = "timestamp=2026-01-01T00:00:00.000Z level=ERROR run=1";

test("A quoted word of the log is read as what it stands for", () => {
  const line = `${prefix} message="stream error" error.error="AI_APICallError: a \\"b\\"\\n c=d"`;
  expect(readOpenCodeStderr(line)).toEqual({ kind: "call_failed", message: 'a "b"\n c=d', isAside: false });
});

test("The cause of a lost connection is told once", () => {
  const [line = ""] = fixture("stream-cut").stderr.split("\n");
  expect(readOpenCodeStderr(line)).toMatchObject({
    kind: "call_failed",
    message: "Cannot connect to API: The socket connection was closed unexpectedly.",
    model: "claude-sonnet-4-5",
  });
});

test("R1: the cause of an unexpected server error is in the log, with its reference", () => {
  const causes = fixture("unknown-model").stderr.split("\n").map(readOpenCodeStderr);
  expect(causes).toContainEqual({
    kind: "cause",
    ref: "err_00000001",
    name: "ProviderModelNotFoundError",
    message: "Model not found: anthropic/no-such-model.",
  });
});

test.each([
  "",
  "Error: Session not found, said the tool",
  `${prefix.replace("ERROR", "INFO")} message="stream error"`,
  '{"type":"session.status"',
  "level=ERROR message=failed error=x",
])("R10: the line %j says nothing known", (line) => {
  expect(readOpenCodeStderr(line).kind).toBe("other");
});

test("No line makes it throw, and a long one takes no time", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (line) => void readOpenCodeStderr(line)));
  fc.assert(fc.property(fc.string(), (text) => void readOpenCodeStderr(`${prefix} message="${text}`)));
  const started = performance.now();
  for (const part of ['\\"', 'a="', "a=", "= ", ' "']) readOpenCodeStderr(prefix + part.repeat(300_000));
  expect(performance.now() - started).toBeLessThan(5_000);
});

test("Lines that repeat the words before a cause take no time either", () => {
  const line = `${prefix} message="stream error" error.error="${" (cause: ".repeat(6_000)}"`;
  const started = performance.now();
  for (let lines = 0; lines < 100; lines += 1) expect(readOpenCodeStderr(line).kind).toBe("call_failed");
  expect(performance.now() - started).toBeLessThan(5_000);
});

test("A quoted value of any length is read, as far as its beginning", () => {
  const line = `${prefix} message="stream error" error.error="AI_APICallError: \\"Overloaded\\" ${"x".repeat(20_000_000)}"`;
  const read = readOpenCodeStderr(line);
  expect(read).toMatchObject({ kind: "call_failed" });
  expect("message" in read && read.message?.length).toBeLessThan(65_536);
  expect(readOpenCodeStderr(`${prefix} note="${"\\n".repeat(9_000_000)}"`).kind).toBe("other");
});

test("A run without trouble has nothing on stderr", () => {
  for (const name of ["text", "tools", "thinking", "subagent", "session-resumed"])
    expect(fixture(name).stderr).toBe("");
});

test("The plugin has told the waits of every recording that was killed in one", () => {
  const waiting = fixtureNames.filter((name) => fixture(name).stderr.includes('"type":"retry"'));
  expect(waiting.length).toBeGreaterThan(5);
  expect(openCodeStatusPlugin).not.toContain("import");
});
