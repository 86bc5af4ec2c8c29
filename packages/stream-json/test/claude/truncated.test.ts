import { expect, test } from "vitest";
import { fixture, reduce } from "./fixture.ts";

test("L7: a run without a result is truncated, and keeps what is known of it", () => {
  expect(reduce(fixture("killed").lines)).toEqual({
    state: "truncated",
    sessionId: "00000000-0000-4000-8000-000000000001",
    model: "claude-opus-5-5",
    usage: { inputTokens: 100, outputTokens: 1, cacheReadTokens: 0, cacheCreationTokens: 0 },
    usageSource: "messages",
    limits: [],
    backgroundTasks: 0,
    counts: {
      events: 3,
      messages: 1,
      toolCalls: 1,
      toolErrors: 0,
      retries: 0,
      textLines: 0,
      unknownEvents: 0,
    },
  });
});

test.each(["unknown-option", "root-refused"])("A run without an event has never started: %s", (name) => {
  expect(reduce(fixture(name).lines)).toMatchObject({ state: "never_started" });
});

test.each(["terminated", "terminated-in-tool"])(
  "C8: the recording %s ended by SIGTERM, without a result",
  (name) => {
    const { lines, exit } = fixture(name);
    expect(exit).toBe("143");
    expect(reduce(lines)).toMatchObject({ state: "truncated", counts: { toolCalls: 1 } });
    expect(reduce(lines)).not.toHaveProperty("failure");
  },
);

test("C8: the session of a terminated run can be resumed", () => {
  const resumed = reduce(fixture("session-resumed-after-term").lines);
  expect(resumed).toMatchObject({ state: "finished", finalText: "Still here." });
  expect(resumed.sessionId).toBe(reduce(fixture("terminated-in-tool").lines).sessionId);
});

test("Warnings before the start are no start", () => {
  expect(reduce(["warning: x"])).toMatchObject({ state: "never_started", counts: { textLines: 1 } });
});

test("Every beginning of a recording is truncated after its first event, and finished with its last", () => {
  const { lines } = fixture("tools");
  const states = lines.map((_, at) => reduce(lines.slice(0, at + 1)).state);
  expect(new Set(states.slice(0, -1))).toEqual(new Set(["truncated"]));
  expect(states.at(-1)).toBe("finished");
});

test("L6: lines after the result do not undo it", () => {
  const { lines } = fixture("text");
  const result = reduce([...lines, "bye", '{"type":"system","subtype":"status"}']);
  expect(result).toMatchObject({ state: "finished", finalText: "A plain answer.", counts: { textLines: 1 } });
});

test("R8: an end in the middle of retries tells what they failed at", () => {
  const result = reduce(fixture("unreachable").lines);
  expect(result).toMatchObject({
    state: "truncated",
    failure: { family: "transient_upstream" },
    counts: { retries: 2 },
  });
  expect(result).not.toHaveProperty("usage");
});

test("R9: a retry after a refused login is a matter of the login", () => {
  expect(reduce(fixture("api-401").lines.slice(0, 2)).failure).toMatchObject({
    family: "auth_required",
    status: 401,
  });
});

test("An answer overcomes the failure before it", () => {
  const { lines } = fixture("retried");
  expect(reduce(lines.slice(0, 2)).failure?.family).toBe("transient_upstream");
  expect(reduce(lines.slice(0, 3)).failure).toBeUndefined();
});

test("Streamed pieces tell the tokens of a message that the result would have told", () => {
  const { lines } = fixture("partial-messages");
  expect(reduce(lines.slice(0, -1))).toMatchObject({
    usageSource: "messages",
    usage: { inputTokens: 400, outputTokens: 166 },
  });
});

test("What the CLI says itself is no message of the model", () => {
  const { lines } = fixture("output-limit");
  expect(reduce(lines.slice(0, -1)).counts.messages).toBe(4);
});

test("The model is the one that answered, not the one that was chosen", () => {
  const lines = fixture("text").lines.map((line) =>
    line.replace('"role":"assistant","model":"claude-opus-5-5"', '"model":"other"'),
  );
  expect(reduce(lines.slice(0, 1)).model).toBe("claude-opus-5-5");
  expect(reduce(lines).model).toBe("other");
});
