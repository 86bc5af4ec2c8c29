import fc from "fast-check";
import { expect, test } from "vitest";
import { parseEvent } from "../src/index.ts";

test("A JSON object is an event, its type wherever it stands", () => {
  const value = { a: [1], type: "x" };
  expect(parseEvent(' {"a":[1],"type":"x"}\r')).toEqual({ kind: "json", type: "x", value });
});

test("A type that is no string is no type", () => {
  expect(parseEvent('{"type":7}')).toEqual({ kind: "json", type: undefined, value: { type: 7 } });
});

test.each([
  ["L11: words among JSON", "npm warn deprecated"],
  ["half a line", '{"type":"assistant","mess'],
  ["an array", "[1]"],
  ["a string", '"x"'],
  ["null", "null"],
  ["nothing", ""],
  ["two objects", "{}{}"],
])("%s is a text event with the line as it came", (_, line) => {
  expect(parseEvent(line)).toEqual({ kind: "text", text: line });
});

test("A key that names the prototype is a field like any other", () => {
  const event = parseEvent('{"__proto__":{"type":"result"}}');
  expect(event).toMatchObject({ kind: "json", type: undefined });
});

test("No line makes it throw, and a text event keeps every character", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.json(),
        fc.string().map((s) => `{${s}`),
      ),
      (line) => {
        const event = parseEvent(line);
        if (event.kind === "text") expect(event.text).toBe(line);
        else expect(event.value).toEqual(JSON.parse(line));
      },
    ),
  );
});
