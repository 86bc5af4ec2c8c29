import fc from "fast-check";
import { expect, test } from "vitest";
import { fixture, fixtureNames, reduce } from "./fixture.ts";

test("R11: events that come again change nothing, wherever they come", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("tools", "partial-messages", "subagent", "max-turns"),
      fc.infiniteStream(fc.nat()),
      (name, at) => {
        const { lines } = fixture(name);
        const noisy: string[] = [];
        for (const line of lines) {
          noisy.push(line);
          const again = at.next().value % noisy.length;
          // A limit or a failure that comes again later would be a new one, and these recordings have none.
          noisy.push(noisy[again] as string);
        }
        expect(reduce(noisy)).toEqual(reduce(lines));
      },
    ),
    { numRuns: 50 },
  );
});

test("R11: parts of a message, each with all its tokens, count once", () => {
  const part = (uuid: string, content: object[], output: number) =>
    JSON.stringify({
      type: "assistant",
      uuid,
      message: { id: "msg_1", model: "m", content, usage: { input_tokens: 10, output_tokens: output } },
    });
  const call = { type: "tool_use", id: "toolu_1", name: "Bash", input: {} };
  const result = reduce([
    part("a", [{ type: "text", text: "x" }], 1),
    part("b", [call], 7),
    part("c", [call], 7),
  ]);
  expect(result.usage).toMatchObject({ inputTokens: 10, outputTokens: 7 });
  expect(result.counts).toMatchObject({ messages: 1, toolCalls: 1, events: 3 });
});

test("Events without any id are all counted", () => {
  const line = JSON.stringify({ type: "assistant", message: { model: "m", usage: { input_tokens: 1 } } });
  expect(reduce([line, line])).toMatchObject({ usage: { inputTokens: 2 }, counts: { messages: 2 } });
});

test.each(fixtureNames)("Key order means nothing: %s", (name) => {
  const { lines } = fixture(name);
  expect(reduce(lines.map((line) => JSON.stringify(reversed(JSON.parse(line)))))).toEqual(reduce(lines));
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, field]) => [key, reversed(field)]),
  );
}
