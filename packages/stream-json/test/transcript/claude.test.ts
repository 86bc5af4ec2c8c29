import { expect, test } from "vitest";
import { claudeToTranscript, type TranscriptEntry } from "../../src/index.ts";
import { fixture, fixtureNames } from "../claude/fixture.ts";

function transcript(name: string): readonly TranscriptEntry[] {
  return fixture(name).lines.flatMap((line) => claudeToTranscript(line));
}

test("A run with tools is told in its order", () => {
  const entries = transcript("tools");
  expect(entries.map((entry) => entry.kind)).toEqual([
    "init",
    ...["thinking", "text", "tool_call", "tool_result"],
    ...["text", "tool_call", "tool_result", "text", "tool_call", "tool_result"],
    ...["text", "result"],
  ]);
  expect(entries[3]).toEqual({
    kind: "tool_call",
    id: "toolu_tools000001_2",
    name: "Bash",
    input: { command: 'echo "hello from the pod"', description: "Print the greeting" },
    nested: false,
  });
  expect(entries[4]).toEqual({
    kind: "tool_result",
    id: "toolu_tools000001_2",
    text: "hello from the pod",
    isError: false,
    nested: false,
  });
  expect(entries.at(-1)).toEqual({
    kind: "result",
    text: 'Done: the shell and the file both say "hello from the pod".',
    isError: false,
    subtype: "success",
    errors: [],
    usage: { inputTokens: 400, outputTokens: 166, cacheReadTokens: 0, cacheCreationTokens: 0 },
    costUsd: expect.closeTo(0.00492, 6),
    turns: 4,
    durationMs: 10,
  });
});

test("Streamed pieces are not told twice", () => {
  expect(transcript("partial-messages").map((entry) => entry.kind)).toEqual(
    transcript("tools").map((entry) => entry.kind),
  );
});

test("R11: the result of a resumed session has the run's cost", () => {
  expect(transcript("session-resumed").at(-1)).toMatchObject({ costUsd: expect.closeTo(0.0006, 9) });
});

test("A tool error is a tool result that says so", () => {
  expect(transcript("tool-error")).toContainEqual(
    expect.objectContaining({
      kind: "tool_result",
      isError: true,
      text: expect.stringContaining("Exit code 2"),
    }),
  );
});

test("What a subagent is asked is nested, and its report is a tool result of several blocks", () => {
  const entries = transcript("subagent");
  expect(entries).toContainEqual({ kind: "user", text: "[sub] Say it.", nested: true });
  expect(entries).toContainEqual(
    expect.objectContaining({ kind: "tool_result", text: expect.stringContaining("From the subagent.") }),
  );
});

test.each([
  ["api-529", "warning", "API call failed: overloaded (529), retry 1 of 1"],
  ["unreachable", "warning", "API call failed: connection_failed, retry 2 of 10"],
  ["api-401", "error", "Invalid API key · Fix external API key"],
  ["api-429-subscription", "error", "Rate limit (five_hour): rejected, resets 2100-01-01T00:00:00.000Z"],
  ["refusal", "info", "Opus 5.5's safeguards stopped the response above · continuing once with that noted"],
] as const)("R12: in %s people see a notice of level %s", (name, level, text) => {
  expect(transcript(name)).toContainEqual({ kind: "notice", level, text });
});

test("A limit that is not reached is no notice", () => {
  const event = { type: "rate_limit_event", rate_limit_info: { status: "allowed", resetsAt: 1 } };
  expect(claudeToTranscript(JSON.stringify(event))).toEqual([]);
});

test("L11: a line that is not JSON is told as it came, an empty one and an unknown type not", () => {
  expect(claudeToTranscript("  warning: x ")).toEqual([{ kind: "raw", text: "  warning: x " }]);
  expect(claudeToTranscript(" ")).toEqual([]);
  expect(claudeToTranscript('{"type":"from_the_future"}')).toEqual([]);
});

test("What the CLI tells beside the conversation is told only where it is an error", () => {
  const status = { type: "auth_status", isAuthenticating: false, output: ["x"] };
  expect(claudeToTranscript(JSON.stringify(status))).toEqual([]);
  expect(claudeToTranscript(JSON.stringify({ ...status, error: "The login has expired" }))).toEqual([
    { kind: "notice", level: "error", text: "The login has expired" },
  ]);
});

test("An image in a tool result is named", () => {
  const content = [
    { type: "tool_result", tool_use_id: "t", content: [{ type: "image" }, { type: "text", text: "x" }] },
  ];
  const [entry] = claudeToTranscript(JSON.stringify({ type: "user", message: { content } }));
  expect(entry).toMatchObject({ text: "[image]\nx" });
});

test.each(fixtureNames)("The last entry of %s is its result, or it has none", (name) => {
  const { lines } = fixture(name);
  const hasResult = lines.some((line) => JSON.parse(line).type === "result");
  expect(transcript(name).findLastIndex((entry) => entry.kind === "result")).toBe(
    hasResult ? transcript(name).length - 1 : -1,
  );
});
