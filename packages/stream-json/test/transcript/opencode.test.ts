import { expect, test } from "vitest";
import { formatTranscriptEntry, openCodeToTranscript, type TranscriptEntry } from "../../src/index.ts";
import { fixture } from "../opencode/fixture.ts";

function transcript(name: string): readonly TranscriptEntry[] {
  return fixture(name).lines.flatMap((line) => openCodeToTranscript(line));
}

test("A run with tools is told in its order", () => {
  const entries = transcript("tools");
  expect(entries.map((entry) => entry.kind)).toEqual([
    ...["thinking", "text", "tool_call", "tool_result"],
    ...["text", "tool_call", "tool_result", "text", "tool_call", "tool_result"],
    ...["text", "result"],
  ]);
  expect(entries[2]).toMatchObject({
    kind: "tool_call",
    name: "bash",
    input: { command: 'echo "hello from the pod"' },
  });
  expect(entries[3]).toMatchObject({ kind: "tool_result", text: "hello from the pod\n", isError: false });
  expect(entries.at(-1)).toMatchObject({ kind: "result", isError: false, subtype: "stop" });
});

test("A run with tools reads as Claude Code's does", () => {
  const shown = transcript("tools").map((entry) => formatTranscriptEntry(entry, { width: 60 }));
  expect(shown.slice(0, 4)).toEqual([
    "✻ First the shell, then a file.",
    "● I start with the shell.",
    '● bash(echo "hello from the pod")',
    "  ⎿ hello from the pod",
  ]);
  expect(shown).toContain("● write(greeting.txt)");
  expect(shown.at(-1)).toMatch(/^✔ done · 100 tokens in, \d+ out · \$0\.\d{4}$/);
});

test("A tool error is a tool result that says so", () => {
  expect(transcript("tool-error")).toContainEqual(
    expect.objectContaining({
      kind: "tool_result",
      isError: true,
      text: expect.stringContaining("missing.txt"),
    }),
  );
});

test.each([
  ["api-401", "invalid x-api-key"],
  ["api-404-model", "model: claude-sonnet-4-5"],
  ["unknown-model", "Unexpected server error. Check server logs for details."],
])("R12: in %s people see an error", (name, text) => {
  expect(transcript(name)).toEqual([{ kind: "notice", level: "error", text }]);
});

test("An answer that reached its limit has not ended well", () => {
  expect(transcript("output-limit").at(-1)).toMatchObject({
    kind: "result",
    isError: true,
    subtype: "length",
  });
});

test("L11: a line that is not JSON is told as it came, an empty one and an unknown type not", () => {
  expect(openCodeToTranscript("  warning: x ")).toEqual([{ kind: "raw", text: "  warning: x " }]);
  expect(openCodeToTranscript(" ")).toEqual([]);
  expect(openCodeToTranscript('{"type":"from_the_future"}')).toEqual([]);
});
