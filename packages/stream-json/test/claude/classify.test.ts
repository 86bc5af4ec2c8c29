import { expect, test } from "vitest";
import { classifyClaudeFailure, classifyClaudeStderr, type FailureFamily } from "../../src/index.ts";
import { fixture } from "./fixture.ts";

const failed = { subtype: "success", terminalReason: "api_error", errors: [] };

test.each([
  [400, "invalid_request"],
  [401, "auth_required"],
  [402, "billing_required"],
  [403, "auth_required"],
  [404, "model_not_found"],
  [408, "transient_upstream"],
  [413, "context_overflow"],
  [422, "invalid_request"],
  [429, "provider_quota"],
  [500, "transient_upstream"],
  [529, "transient_upstream"],
] as [number, FailureFamily][])("A result with status %i alone is %s", (status, family) => {
  expect(classifyClaudeFailure({ result: failed, apiError: { status } })).toBe(family);
});

test("The CLI's typed cause counts more than the status", () => {
  expect(classifyClaudeFailure({ apiError: { cause: "long_context_credits_required", status: 429 } })).toBe(
    "billing_required",
  );
});

test("A cause that is not known yet counts as none", () => {
  expect(classifyClaudeFailure({ apiError: { cause: "something_new", status: 529 } })).toBe(
    "transient_upstream",
  );
  expect(classifyClaudeFailure({ apiError: { cause: "constructor" } })).toBe("unclassified");
});

test.each([
  ["error_max_turns", "max_turns"],
  ["error_max_budget_usd", "max_budget"],
  ["error_during_execution", "unclassified"],
  ["error_max_structured_output_retries", "unclassified"],
] as [string, FailureFamily][])("The subtype %s is %s", (subtype, family) => {
  expect(classifyClaudeFailure({ result: { subtype, errors: ["No."] }, apiError: {} })).toBe(family);
});

test("The words about an unknown session count only where no turn was taken", () => {
  const errors = ["No conversation found with session ID: x"];
  const result = { subtype: "error_during_execution", errors };
  expect(classifyClaudeFailure({ result, apiError: {} })).toBe("unknown_session");
  expect(classifyClaudeFailure({ result: { ...result, turns: 3 }, apiError: {} })).toBe("unclassified");
});

test.each([
  ["unknown-session", { kind: "unknown_session", sessionId: "11111111-2222-4333-8444-555555555555" }],
  ["invalid-session", { kind: "invalid_session" }],
  ["unknown-option", { kind: "unknown_option", option: "--no-such-option" }],
  ["root-refused", { kind: "root_refused" }],
])("R1 L17: the stderr of %s is understood", (name, finding) => {
  expect(classifyClaudeStderr(`warning: x\n${fixture(name).stderr}`)).toMatchObject(finding);
});

test.each([
  "",
  "[claude-code:unrecognized_model] {}",
  "he said: No conversation found with session ID: 1",
  "No conversation found with session ID: 1, he said",
  "grep: error: unknown option '-P'",
])("The stderr %j says nothing known", (text) => {
  expect(classifyClaudeStderr(text)).toBeUndefined();
});

test.each(["API Error: … previous_message_id …", "API Error: … Invalid `signature` in `thinking` block …"])(
  "R10: the words about a poisoned history count only where the API refused the request: %s",
  (text) => {
    const result = { ...failed, text };
    expect(classifyClaudeFailure({ result, apiError: { status: 400 } })).toBe("poisoned_session");
    expect(classifyClaudeFailure({ result, apiError: { status: 529 } })).toBe("transient_upstream");
    expect(classifyClaudeFailure({ result, apiError: {} })).toBe("unclassified");
  },
);
