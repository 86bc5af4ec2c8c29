import { expect, test } from "vitest";
import { fixture, reducerOf, resultOf } from "./fixture.ts";

const step = (id: string, fields: object) =>
  JSON.stringify({ type: "step_finish", sessionID: "ses_1", part: { id, reason: "tool-calls", ...fields } });

test("R11: a resumed session's run has its own cost and tokens", () => {
  expect(resultOf("session-resumed")).toMatchObject({
    sessionId: resultOf("session-first").sessionId,
    usage: { inputTokens: 100, outputTokens: 10 },
    costUsd: expect.closeTo(0.00045, 9),
    turns: 1,
  });
});

test("R11: a part that comes again counts once, wherever it comes", () => {
  const { lines } = fixture("tools");
  const whole = reducerOf({ lines }).result();
  expect(reducerOf({ lines: lines.flatMap((line) => [line, line]) }).result()).toEqual(whole);
  expect(reducerOf({ lines: [...lines, ...lines.slice(0, 4)] }).result()).toEqual(whole);
});

test("What was thought is paid as output, what was cached is counted apart", () => {
  const tokens = { input: 1, output: 2, reasoning: 30, cache: { read: 400, write: 5_000 } };
  expect(reducerOf({ lines: [step("a", { tokens, cost: 0.5 })] }).result()).toMatchObject({
    usage: { inputTokens: 1, outputTokens: 32, cacheReadTokens: 400, cacheCreationTokens: 5_000 },
    costUsd: 0.5,
  });
});

test("One step without its cost makes the run's unknown", () => {
  const lines = [step("a", { cost: 0.5 }), step("b", {}), step("c", { cost: 0.5 })];
  expect(reducerOf({ lines }).result()).not.toHaveProperty("costUsd");
});

test("A cost below nothing is none, and sums stay numbers that can be counted with", () => {
  expect(reducerOf({ lines: [step("a", { cost: -3 })] }).result()).not.toHaveProperty("costUsd");
  const huge = {
    cost: 1e308,
    tokens: { input: 1e308, output: 1e308, reasoning: 1e308, cache: { read: 1e16 } },
  };
  const most = Number.MAX_SAFE_INTEGER;
  expect(reducerOf({ lines: [step("a", huge), step("b", huge)] }).result()).toMatchObject({
    usage: { inputTokens: most, outputTokens: most, cacheReadTokens: most, cacheCreationTokens: 0 },
    costUsd: most,
  });
});

test("A run without an answer has neither tokens nor cost", () => {
  const result = resultOf("api-401");
  expect(result).not.toHaveProperty("usage");
  expect(result).not.toHaveProperty("costUsd");
});

test("L7: every beginning of a recording is truncated after its first event, and finished with its last", () => {
  const { lines } = fixture("tools");
  const states = lines.map((_, at) => reducerOf({ lines: lines.slice(0, at + 1) }).result().state);
  expect(new Set(states.slice(0, -1))).toEqual(new Set(["truncated"]));
  expect(states.at(-1)).toBe("finished");
});

test("L6 L11: lines that are no event of a session begin nothing and undo nothing", () => {
  const lines = ["npm warn", '{"type":"from_the_future"}'];
  const counts = { textLines: 1, unknownEvents: 1 };
  expect(reducerOf({ lines }).result()).toMatchObject({ state: "never_started", counts });
  const after = reducerOf({ lines: [...fixture("text").lines, ...lines] }).result();
  expect(after).toMatchObject({ state: "finished", finalText: "A plain answer.", counts });
});
