import fc from "fast-check";
import { expect, test } from "vitest";
import { claudeToTranscript, formatTranscriptEntry, type TranscriptEntry } from "../../src/index.ts";
import { fixture, fixtureNames } from "../claude/fixture.ts";

function shown(name: string, width = 60): string {
  return fixture(name)
    .lines.flatMap((line) => claudeToTranscript(line))
    .map((entry) => formatTranscriptEntry(entry, { width }))
    .join("\n");
}

const text = (value: string): TranscriptEntry => ({ kind: "text", text: value, nested: false });
const toolResult = (value: string): TranscriptEntry => ({
  kind: "tool_result",
  id: "t",
  text: value,
  isError: false,
  nested: false,
});

const shownCommand = (command: string): string =>
  formatTranscriptEntry({ kind: "tool_call", id: "t", name: "Bash", input: { command }, nested: false });

test("A run with tools reads like the CLI's own output", () => {
  expect(shown("tools")).toBe(
    [
      "▸ session 00000000-0000-4000-8000-000000000001 · claude-opu…",
      "✻ First the shell, then a file.",
      "● I start with the shell.",
      '● Bash(echo "hello from the pod")',
      "  ⎿ hello from the pod",
      "● Now I write it to a file.",
      "● Write(greeting.txt)",
      "  ⎿ File created successfully at: greeting.txt (file state …",
      "● And read it back.",
      "● Bash(cat greeting.txt && rm greeting.txt)",
      "  ⎿ hello from the pod",
      '● Done: the shell and the file both say "hello from the',
      '  pod".',
      "✔ done · 4 turns · 0.0 s · 400 tokens in, 166 out · $0.0049",
    ].join("\n"),
  );
});

test("A failure tells its subtype only where that says something", () => {
  expect(shown("api-401", 100)).toMatch(
    /! Invalid API key · Fix external API key\n✖ failed · 1 turn ·.*\n {2}Invalid API key/,
  );
  expect(shown("max-turns", 100)).toMatch(
    /✖ failed: error_max_turns · 3 turns ·.*\n {2}Reached maximum number of turns/,
  );
});

test("A long tool result is shortened, and says by how much", () => {
  const lines = Array.from({ length: 9 }, (_, at) => `line ${at}`).join("\n");
  expect(formatTranscriptEntry(toolResult(lines), { resultLines: 2 })).toBe(
    "  ⎿ line 0\n    line 1\n    … +7 lines",
  );
  expect(formatTranscriptEntry(toolResult(""), {})).toBe("  ⎿ (no output)");
});

test("A line is not broken within its indentation", () => {
  const output = formatTranscriptEntry(text(`          ${"x".repeat(12)}`), { width: 20 });
  expect(output).toBe(`●           ${"x".repeat(8)}\n  ${"x".repeat(4)}`);
});

test("There are colours only where they are asked for", () => {
  const entries = fixtureNames.flatMap((name) =>
    fixture(name).lines.flatMap((line) => claudeToTranscript(line)),
  );
  expect(entries.map((entry) => formatTranscriptEntry(entry)).join("")).not.toContain("\u001b");
  const call: TranscriptEntry = {
    kind: "tool_call",
    id: "t",
    name: "Bash",
    input: { command: "ls" },
    nested: false,
  };
  expect(formatTranscriptEntry(call, { color: true })).toBe("\u001b[1m● Bash(ls)\u001b[0m");
});

test("What a subagent does is indented", () => {
  expect(formatTranscriptEntry({ kind: "text", text: "x", nested: true })).toBe("  ● x");
});

test("A tool call without a telling argument shows its input, one without input only its name", () => {
  const call = (input: unknown): string =>
    formatTranscriptEntry({ kind: "tool_call", id: "t", name: "Tool", input, nested: false });
  expect(call({ a: 1 })).toBe('● Tool({"a":1})');
  expect(call({})).toBe("● Tool");
  expect(call(undefined)).toBe("● Tool");
  expect(call({ command: "a\n  b" })).toBe("● Tool(a ⏎ b)");
});

test("The agent cannot steer the terminal: escapes and controls are taken out", () => {
  const evil = "a\u001b[2Jb\u001b]0;title\u0007c\u001b]8;;http://x\u001b\\d\u009b31me\u202ef\bg";
  expect(formatTranscriptEntry(text(evil))).toBe("● abcd31mefg");
});

test("What was written over on a terminal stands line by line", () => {
  const output = (value: string): string => formatTranscriptEntry(toolResult(value));
  expect(output("10%\r20%\r30%\r\n")).toBe("  ⎿ 10%\n    20%\n    30%");
  expect(output("one\r\ntwo\r\r\nthree\r")).toBe("  ⎿ one\n    two\n    three");
  expect(shownCommand("a\rb\r\nc")).toBe("● Bash(a b ⏎ c)");
});

test("K6: whatever an agent says, lines stay within the width and without control characters", () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.integer({ min: 20, max: 60 }),
      fc.boolean(),
      (value, width, nested) => {
        const entries: TranscriptEntry[] = [
          { kind: "text", text: value, nested },
          { kind: "tool_result", id: "t", text: value, isError: true, nested },
          { kind: "tool_call", id: "t", name: value, input: { command: value }, nested },
          { kind: "notice", level: "error", text: value },
          { kind: "init", sessionId: value, model: value },
          { kind: "raw", text: value },
        ];
        for (const entry of entries) {
          const output = formatTranscriptEntry(entry, { width });
          expect(output).not.toMatch(control);
          for (const line of output.split("\n")) expect(Array.from(line).length).toBeLessThanOrEqual(width);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("L9: a line of 10 MiB is laid out without delay", () => {
  const long = "word ".repeat(2 * 1024 * 1024);
  const started = performance.now();
  const lines = formatTranscriptEntry(text(long), { width: 80 }).split("\n").length;
  expect(lines).toBeGreaterThan(130_000);
  expect(formatTranscriptEntry(toolResult(long)).length).toBeLessThan(90);
  // Quadratic work would take an hour; this takes a second.
  expect(performance.now() - started).toBeLessThan(20_000);
});

test("L9: a million blank lines in a tool result or a command are laid out without delay", () => {
  const blank = "\n".repeat(1024 * 1024);
  const spaces = " ".repeat(1024 * 1024);
  const started = performance.now();
  expect(formatTranscriptEntry(toolResult(`a${blank}b`), { resultLines: 1 })).toBe(
    "  ⎿ a\n    … +1048576 lines",
  );
  expect(formatTranscriptEntry(toolResult(`a${blank}`))).toBe("  ⎿ a");
  expect(shownCommand(`a${blank}b`)).toBe("● Bash(a ⏎ b)");
  expect(shownCommand(`a${spaces}b`)).toMatch(/^● Bash\(a +…\)$/);
  expect(shownCommand(`a${spaces}\n\t\n${spaces}b\nc`)).toBe("● Bash(a ⏎ b ⏎ c)");
  // Quadratic work would take ten minutes; this takes a second.
  expect(performance.now() - started).toBeLessThan(20_000);
});

test("A tool call's argument is one line, its ends included", () => {
  expect(shownCommand("\n a\n\n  b \n")).toBe("● Bash( ⏎ a ⏎ b ⏎ )");
  expect(shownCommand(" \n ")).toBe("● Bash( ⏎ )");
  expect(shownCommand(" a  b ")).toBe("● Bash( a  b )");
});

test("Wrapping loses no word, and keeps the indentation of code", () => {
  expect(formatTranscriptEntry(text("if x:\n    return 1"))).toBe("● if x:\n      return 1");
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1 }),
      fc.integer({ min: 20, max: 50 }),
      (words, width) => {
        const output = formatTranscriptEntry(text(words.join(" ")), { width });
        expect(output.replace(/^● /, "").replace(/\s/g, "")).toBe(words.join(""));
      },
    ),
  );
});
