import { expect, test } from "vitest";
import type { FailureFamily } from "../../src/index.ts";
import { fixture, fixtureNames, reducerOf, resultOf } from "./fixture.ts";

const greeted = 'Done: the shell and the file both say "hello from the pod".';

/** Every recording that came to its end, and how: a family of failures, or what the agent said last. */
const endings: Readonly<Record<string, FailureFamily | { readonly says: unknown }>> = {
  text: { says: "A plain answer." },
  tools: { says: greeted },
  "tool-error": { says: "The file is not there." },
  "command-failed": { says: "It ended with 3." },
  "parallel-tools": { says: "Both." },
  "stop-with-tool": { says: "Done." },
  thinking: { says: "Four." },
  "long-output": { says: expect.stringMatching(/^Line 1 of.{59991}$/s) },
  "long-tool-output": { says: "Counted." },
  unicode: {
    says: 'Grüße 👩‍👩‍👧 — 你好, \u2028 a line separator, \u0000 a NUL, "quotes" and \\ backslashes.',
  },
  "empty-answer": { says: undefined },
  "printed-errors": {
    says: "Session not found. 429 rate limit. Prompt is too long. AI_APICallError: Overloaded",
  },
  subagent: { says: "The subagent has said it." },
  "session-first": { says: greeted },
  "session-resumed": { says: "I remember." },
  "session-resumed-after-kill": { says: "Still here." },
  "session-resumed-after-term": { says: "Still here." },
  retried: { says: "At the second try." },
  "output-limit": "output_limit",
  refusal: "model_refusal",
  "session-resumed-error": "auth_required",
  "unknown-model": "model_not_found",
  "unknown-provider": "model_not_found",
  "api-401": "auth_required",
  "api-403": "auth_required",
  "api-404-model": "model_not_found",
  "api-400-credit": "billing_required",
  "api-400-other": "invalid_request",
  "api-400-tool-pairs": "poisoned_session",
  "context-overflow": "context_overflow",
  "api-413": "context_overflow",
};

/** Recordings that were ended from outside, and the trouble that they were in. */
const cutOff: Readonly<Record<string, FailureFamily | undefined>> = {
  killed: undefined,
  terminated: undefined,
  "api-429": "provider_quota",
  "api-429-retry-after": "provider_quota",
  "api-500": "transient_upstream",
  "api-529": "transient_upstream",
  "stream-cut": "transient_upstream",
  "error-event": "transient_upstream",
  unreachable: "transient_upstream",
  "unknown-reason": "transient_upstream",
};

/** Recordings of runs that never came to a session. */
const notBegun = ["unknown-session", "invalid-session", "unknown-option", "no-prompt"];

/** Recordings with an error that the run survived: OpenCode's own status counts it. */
const survived = ["context-compacted", "survived-error"];

test("Every recording has an expected end", () => {
  const expected = [...Object.keys(endings), ...Object.keys(cutOff), ...notBegun, ...survived];
  expect(expected.sort()).toEqual([...fixtureNames].sort());
});

test.each(Object.entries(endings))("R1 R6 R9 C18: the recording %s ends as %o", (name, ending) => {
  const result = resultOf(name);
  expect(result.state).toBe("finished");
  if (typeof ending === "string") {
    expect(result.failure?.family).toBe(ending);
    expect(result.failure?.message).not.toBe("");
    expect(fixture(name).exit).toBe(name === "output-limit" ? "0" : "1");
  } else {
    expect(result.failure).toBeUndefined();
    expect(result.finalText).toEqual(ending.says);
    expect(fixture(name).exit).toBe("0");
  }
});

test.each(Object.entries(cutOff))("R8 R12 L7: the recording %s was cut off in %o", (name, family) => {
  const result = resultOf(name);
  expect(result.state).not.toBe("finished");
  expect(result.failure?.family).toBe(family);
  expect(result.sessionId).toMatch(/^ses_/);
});

test.each(notBegun)("The recording %s has never begun", (name) => {
  const { state, sessionId } = resultOf(name);
  expect({ state, sessionId }).toEqual({ state: "never_started", sessionId: undefined });
  expect(fixture(name).exit).toBe("1");
});

test("R1: only the words of stderr tell of an unknown session", () => {
  expect(resultOf("unknown-session").failure).toEqual({
    family: "unknown_session",
    message: "Session not found",
  });
  expect(reducerOf({ lines: fixture("unknown-session").lines }).result()).not.toHaveProperty("failure");
});

test("The result of a run tells session, tokens, cost and counts", () => {
  expect(resultOf("tools")).toEqual({
    state: "finished",
    sessionId: "ses_00000000000000000000000001",
    usage: { inputTokens: 400, outputTokens: 165, cacheReadTokens: 0, cacheCreationTokens: 0 },
    costUsd: expect.closeTo(0.003675, 9),
    finalText: greeted,
    turns: 4,
    finishReason: "stop",
    counts: {
      events: 16,
      messages: 4,
      toolCalls: 3,
      toolErrors: 0,
      retries: 0,
      textLines: 0,
      unknownEvents: 0,
    },
  });
});

test("C18: a tool call that failed is counted, and the run has ended well", () => {
  const { failure, counts } = resultOf("tool-error");
  expect(failure).toBeUndefined();
  expect(counts).toMatchObject({ toolCalls: 1, toolErrors: 1 });
});

test("A command that ended with another status than 0 is no tool error", () => {
  expect(resultOf("command-failed").counts).toMatchObject({ toolCalls: 1, toolErrors: 0 });
});

test.each(survived)("R6 C18: an error that the run survived is no failure: %s", (name) => {
  const { lines, exit } = fixture(name);
  expect(lines[0]).toContain('"type":"error"');
  expect(resultOf(name)).toMatchObject({ state: "finished", finishReason: "stop" });
  expect(resultOf(name)).not.toHaveProperty("failure");
  expect(reducerOf({ lines }).isClosed()).toBe(true);
  expect(exit).toBe("1");
});

test("C18: an error after the last step is a failure", () => {
  const [error = ""] = fixture("api-401").lines;
  expect(reducerOf({ lines: [...fixture("text").lines, error] }).result().failure?.family).toBe(
    "auth_required",
  );
});

test("A cause that the log tells of another error changes nothing", () => {
  const { lines, stderr } = fixture("unknown-model");
  const other = stderr.replace(/ref=err_\w+/, "ref=err_99999999");
  expect(reducerOf({ lines, stderr: other }).result().failure).toMatchObject({
    family: "unclassified",
    message: expect.stringContaining("Unexpected server error"),
  });
});
