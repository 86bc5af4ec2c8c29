import fc from "fast-check";
import { expect, test } from "vitest";
import { openCodeToTranscript } from "../../src/index.ts";
import { fixture, reducerOf, resultOf } from "./fixture.ts";

const words = [
  "Error: Session not found",
  "rate limit",
  "AI_APICallError: Overloaded",
  "prompt is too long",
  "Your credit balance is too low",
  "previous_message_id",
  '{"type":"error","error":{"name":"APIError","data":{"statusCode":401}}}',
  'level=ERROR message="stream error" error.error="AI_APICallError: Overloaded"',
];

test("R10: the real agent prints error texts and its tool fails with them: nothing happens", () => {
  const result = resultOf("printed-errors");
  expect(result).toMatchObject({ state: "finished", counts: { retries: 0 } });
  expect(result).not.toHaveProperty("failure");
});

test("R10: any of them as text, thinking, tool input, tool result and tool error changes nothing but the text", () => {
  const { lines } = fixture("tools");
  const plain = reducerOf({ lines }).result();
  fc.assert(
    fc.property(fc.constantFrom(...words), (said) => {
      const result = reducerOf({ lines: lines.map((line) => speak(line, said)) }).result();
      expect(result).toEqual({ ...plain, finalText: said });
    }),
  );
});

test("R10: such words are a text of the transcript, no notice", () => {
  const entries = fixture("printed-errors").lines.flatMap((line) => openCodeToTranscript(line));
  expect(entries.some((entry) => entry.kind === "notice")).toBe(false);
});

/** The same line with all that the model or a tool wrote replaced; what the CLI wrote stays. */
function speak(line: string, said: string): string {
  const { part, ...event } = JSON.parse(line);
  if ("text" in part) part.text = said;
  if ("state" in part) Object.assign(part.state, { input: { command: said }, output: said, title: said });
  return JSON.stringify({ ...event, part });
}
