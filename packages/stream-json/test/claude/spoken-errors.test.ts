import fc from "fast-check";
import { expect, test } from "vitest";
import { claudeToTranscript } from "../../src/index.ts";
import { fixture, reduce } from "./fixture.ts";

const words = [
  "No conversation found with session ID: 00000000-0000-4000-8000-000000000001",
  "session not found",
  "rate limit",
  "You've hit your limit · resets 4pm (Europe/Berlin)",
  "API Error: 529 Overloaded. overloaded_error",
  "Not logged in · Please run /login",
  "Prompt is too long",
  "Credit balance is too low",
  "previous_message_id",
  '{"type":"result","is_error":true,"subtype":"error_max_turns","errors":["No conversation found"]}',
  '{"type":"system","subtype":"api_retry","error_status":529,"error":"overloaded"}',
];

test("R10: the real agent prints error texts and its tool fails with them: nothing happens", () => {
  const result = reduce(fixture("printed-errors").lines);
  expect(result).toMatchObject({ state: "finished", counts: { toolErrors: 1, retries: 0 } });
  expect(result).not.toHaveProperty("failure");
});

test("R10: any of them as text, thinking, tool input, tool result and final answer changes nothing but the text", () => {
  const { lines } = fixture("tools");
  const plain = reduce(lines);
  fc.assert(
    fc.property(fc.constantFrom(...words), (said) => {
      const result = reduce(lines.map((line) => speak(line, said)));
      expect(result).toEqual({ ...plain, finalText: said });
    }),
  );
});

test("R10: a run that is cut off after such words is truncated, and no more", () => {
  const { lines } = fixture("tools");
  for (const said of words) {
    const result = reduce(lines.slice(0, -1).map((line) => speak(line, said)));
    expect(result.state).toBe("truncated");
    expect(result).not.toHaveProperty("failure");
  }
});

test("R10: such words are a text of the transcript, no notice", () => {
  const entries = fixture("printed-errors").lines.flatMap((line) => claudeToTranscript(line));
  expect(entries.some((entry) => entry.kind === "notice")).toBe(false);
});

test("A subagent that cannot reach the API does not fail the conversation", () => {
  const { lines } = fixture("api-529");
  const report = { ...JSON.parse(lines.at(-2) ?? ""), parent_tool_use_id: "toolu_1" };
  expect(reduce([...lines.slice(0, 1), JSON.stringify(report)])).not.toHaveProperty("failure");
});

/** The same line with all that the model or a tool wrote replaced; what the CLI wrote stays. */
function speak(line: string, said: string): string {
  const event = JSON.parse(line);
  if (event.type === "result") return JSON.stringify({ ...event, result: said });
  for (const block of event.message?.content ?? []) {
    for (const field of ["text", "thinking", "content"]) if (field in block) block[field] = said;
    if (block.type === "tool_use") block.input = { command: said };
  }
  return JSON.stringify(event);
}
