import { expect, test } from "vitest";
import type { FailureFamily } from "../../src/index.ts";
import { fixture, fixtureNames, reduce } from "./fixture.ts";

/** Every recording and how it ends: a family of failures, or what the agent said last. */
const endings: Readonly<Record<string, FailureFamily | { readonly says: string | undefined }>> = {
  text: { says: "A plain answer." },
  tools: { says: 'Done: the shell and the file both say "hello from the pod".' },
  "tool-error": { says: "The folder is not there." },
  "parallel-tools": { says: "Both." },
  thinking: { says: "Four." },
  "long-output": { says: expect.stringMatching(/^Line 1 of.{59991}$/s) as unknown as string },
  unicode: {
    says: 'Grüße 👩‍👩‍👧 — 你好, \u2028 a line separator, \u0000 a NUL, "quotes" and \\ backslashes.',
  },
  "partial-messages": { says: 'Done: the shell and the file both say "hello from the pod".' },
  "empty-answer": { says: undefined },
  "printed-errors": { says: "Session not found. Please run /login. 429 rate limit. Prompt is too long." },
  subagent: { says: "The subagent has said it." },
  "session-first": { says: 'Done: the shell and the file both say "hello from the pod".' },
  "session-resumed": { says: "I remember." },
  "session-resumed-after-kill": { says: "Still here." },
  "session-resumed-after-term": { says: "Still here." },
  hooks: { says: "Hooked." },
  "structured-output-missed": { says: "No object." },
  compacted: { says: undefined },
  background: { says: "The background work is done." },
  retried: { says: "At the second try." },
  "limits-told": { says: "Near the limit." },
  "session-resumed-error": "transient_upstream",
  "max-turns": "max_turns",
  "max-budget": "max_budget",
  "output-limit": "output_limit",
  refusal: "model_refusal",
  "unknown-session": "unknown_session",
  "invalid-session": "unknown_session",
  "not-logged-in": "auth_required",
  "api-401": "auth_required",
  "api-401-subscription": "auth_required",
  "api-403": "auth_required",
  "api-404-model": "model_not_found",
  "api-400-credit": "billing_required",
  "api-400-other": "invalid_request",
  "api-400-image": "invalid_request",
  "api-400-previous-message": "poisoned_session",
  "api-400-tool-pairs": "poisoned_session",
  "api-400-thinking": "poisoned_session",
  "api-413": "context_overflow",
  "context-overflow": "context_overflow",
  "api-429-retry-after": "provider_quota",
  "api-429-subscription": "provider_quota",
  "api-500": "transient_upstream",
  "api-529": "transient_upstream",
  "stream-cut": "transient_upstream",
  "error-event": "transient_upstream",
};
const withoutResult = [
  "killed",
  "root-refused",
  "terminated",
  "terminated-in-tool",
  "unknown-option",
  "unreachable",
];

test("Every recording has an expected end", () => {
  expect([...Object.keys(endings), ...withoutResult].sort()).toEqual([...fixtureNames].sort());
});

test.each(Object.entries(endings))("R1 R5 R6 R7 R8 R9: the recording %s ends as %o", (name, ending) => {
  const { lines, exit } = fixture(name);
  const result = reduce(lines);
  expect(result.state).toBe("finished");
  if (typeof ending === "string") {
    expect(result.failure?.family).toBe(ending);
    expect(result.failure?.message).not.toBe("");
    expect(exit).toBe("1");
  } else {
    expect(result.failure).toBeUndefined();
    expect(result.finalText).toEqual(ending.says);
    expect(exit).toBe("0");
  }
});

test("The result of a run tells session, model, tokens, cost and counts", () => {
  expect(reduce(fixture("tools").lines)).toEqual({
    state: "finished",
    sessionId: "00000000-0000-4000-8000-000000000001",
    model: "claude-opus-5-5",
    usage: { inputTokens: 400, outputTokens: 166, cacheReadTokens: 0, cacheCreationTokens: 0 },
    usageSource: "result",
    costUsd: expect.closeTo(0.00492, 6),
    sessionCostUsd: expect.closeTo(0.00492, 6),
    finalText: expect.any(String),
    turns: 4,
    durationMs: 10,
    subtype: "success",
    terminalReason: "completed",
    stopReason: "end_turn",
    limits: [],
    backgroundTasks: 0,
    counts: {
      events: 14,
      messages: 4,
      toolCalls: 3,
      toolErrors: 0,
      retries: 0,
      textLines: 0,
      unknownEvents: 0,
    },
  });
});

test("R7: a usage limit tells when it ends, in ms", () => {
  const { failure } = reduce(fixture("api-429-subscription").lines);
  expect(failure).toMatchObject({ family: "provider_quota", status: 429, retryAt: Date.UTC(2100, 0, 1) });
});

test("R7: the time comes from the limit event where the message has none", () => {
  const lines = fixture("api-429-subscription").lines.map((line) => {
    const event = JSON.parse(line);
    delete event.api_error_params;
    return JSON.stringify(event);
  });
  expect(reduce(lines).failure?.retryAt).toBe(Date.UTC(2100, 0, 1));
});

test.each(["tool_progress", "tool_use_summary", "auth_status", "prompt_suggestion"])(
  "An event of the type %s is known, and changes nothing",
  (type) => {
    const { lines } = fixture("text");
    const aside = JSON.stringify({ type, session_id: "another", error: "x" });
    const { counts, ...result } = reduce([...lines, aside]);
    expect(result).toEqual(withoutCounts(reduce(lines)));
    expect(counts.unknownEvents).toBe(0);
  },
);

test.each(fixtureNames)("Every event of %s is of a known kind", (name) => {
  expect(reduce(fixture(name).lines).counts).toMatchObject({ unknownEvents: 0, textLines: 0 });
});

test("C18: a tool call that failed is counted, and the run has ended well", () => {
  const { failure, counts } = reduce(fixture("tool-error").lines);
  expect(failure).toBeUndefined();
  expect(counts).toMatchObject({ toolCalls: 1, toolErrors: 1 });
});

test("After a failure the last words are the agent's, not the CLI's", () => {
  expect(reduce(fixture("output-limit").lines).finalText).toBe("This does not fit");
  expect(reduce(fixture("refusal").lines).finalText).toBeUndefined();
});

test("R1: a session that was not found is nobody's session", () => {
  const result = reduce(fixture("unknown-session").lines);
  expect(result).not.toHaveProperty("sessionId");
  expect(result).not.toHaveProperty("sessionCostUsd");
});

test("A limit that was reached says nothing about an overload that came later", () => {
  const limit = fixture("api-429-subscription").lines[1] ?? "";
  const [init = "", ...rest] = fixture("api-529").lines;
  const result = reduce([init, limit, ...rest]);
  expect(result.failure?.family).toBe("transient_upstream");
  expect(result.failure).not.toHaveProperty("retryAt");
});

test("A result whose subtype is an error is one, also where the flag is missing", () => {
  const result = reduce(['{"type":"result","subtype":"error_max_turns"}']);
  expect(result.failure).toEqual({ family: "max_turns", message: "Claude Code ended with error_max_turns" });
});

function withoutCounts({ counts: _, ...result }: ReturnType<typeof reduce>) {
  return result;
}
