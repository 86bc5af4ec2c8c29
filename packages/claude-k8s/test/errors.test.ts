import { describe, expect, it } from "vitest";
import {
  endedWell,
  testRecordedEnds,
  verdictsOn,
} from "../../adapter-core/test/support/adapters/recorded-ends.ts";
import { claude } from "../src/definition.ts";
import { ends } from "../src/errors.ts";
import { recording } from "./support/recordings.ts";

const session = "00000000-0000-4000-8000-000000000001";
const end = verdictsOn({ definition: claude, recording });

const begun = recording("text").lines.find((line) => line.includes(`"subtype":"init"`)) ?? "";

testRecordedEnds({
  end,
  errors: ends.errors,
  failures: [
    ["R9", "not-logged-in", "claude_auth_required", null, "keep"],
    ["R9", "api-401", "claude_auth_required", null, "keep"],
    ["R9", "api-401-subscription", "claude_auth_required", null, "keep"],
    ["R9", "api-403", "claude_auth_required", null, "keep"],
    ["R1", "api-404-model", "model_not_found", null, "keep"],
    ["R7", "api-429-retry-after", "provider_quota", "provider_quota", "keep"],
    ["R7", "api-429-subscription", "provider_quota", "provider_quota", "keep"],
    ["R8", "api-500", "claude_transient_upstream", "transient_upstream", "keep"],
    ["R8", "api-529", "claude_transient_upstream", "transient_upstream", "keep"],
    ["R8", "stream-cut", "claude_transient_upstream", "transient_upstream", "keep"],
    ["R8", "error-event", "claude_transient_upstream", "transient_upstream", "keep"],
    ["C18", "max-budget", "claude_max_budget", null, "keep"],
    ["R5", "max-turns", "max_turns_exhausted", null, "clear"],
    ["R6", "context-overflow", "claude_context_overflow", null, "clear"],
    ["R6", "api-413", "claude_context_overflow", null, "clear"],
    ["C18", "refusal", "claude_refusal", "model_refusal", "keep"],
    ["C18", "output-limit", "claude_output_limit", null, "keep"],
    ["C18", "api-400-credit", "claude_billing_required", null, "keep"],
    ["C18", "api-400-other", "claude_invalid_request", null, "keep"],
    ["R1", "unknown-session", "claude_unknown_session", null, "retry_fresh"],
    ["R1", "invalid-session", "claude_unknown_session", null, "retry_fresh"],
    ["R1", "api-400-previous-message", "claude_poisoned_session", null, "retry_fresh"],
    ["R1", "api-400-tool-pairs", "claude_poisoned_session", null, "retry_fresh"],
    ["R1", "api-400-thinking", "claude_poisoned_session", null, "retry_fresh"],
    ["L7", "killed", "claude_truncated", null, "keep"],
    ["L7", "unreachable", "claude_truncated", "transient_upstream", "keep"],
    ["C18", "unknown-option", "claude_unknown_option", null, "keep"],
    ["C18", "root-refused", "configuration_incomplete", null, "keep"],
  ],
  unrecorded: {
    claude_failed: {
      lines: [
        begun,
        `{"type":"result","subtype":"error_during_execution","is_error":true,"num_turns":2,"errors":["a new kind of trouble"],"session_id":"${session}"}`,
      ],
      ...{ stderr: "", exitCode: 1, signal: null },
    },
    claude_start_failed: { lines: [], stderr: "cannot load libc\n", exitCode: 1, signal: null },
  },
  successes: endedWell,
});

describe("an end", () => {
  it("C18: a success result beats a status that is not 0, and a signal", () => {
    expect(end("text", null, { exitCode: 1 })).toMatchObject({ failure: null, succeeded: true });
    expect(end("text", null, { exitCode: null, signal: "SIGTERM" })).toMatchObject({
      failure: null,
      succeeded: true,
    });
  });

  it("C18: an error result beats status 0", () => {
    expect(end("api-529", null, { exitCode: 0 })).toMatchObject({
      failure: { code: "claude_transient_upstream" },
    });
  });

  it("R1: a session that is broken from its start is not tried again, but left", () => {
    expect(end("api-400-previous-message", null).session).toBe("clear");
  });

  it("R7: says from when on a retry makes sense", () => {
    expect(end("api-429-subscription").failure?.retryNotBefore).toBe("2100-01-01T00:00:00.000Z");
    expect(end("api-529").failure?.retryNotBefore).toBeNull();
  });

  it("L7: names the model and the likely cause of an end without a result", () => {
    expect(end("killed").failure?.message).toMatch(
      /^Claude Code \(claude-[\w-]+\) began and ended with SIGKILL without a result, most likely killed from outside/,
    );
    expect(end("killed", null, { exitCode: 1, signal: null }).failure?.message).toContain(
      "the program crashed",
    );
    expect(end("unreachable").failure?.message).toMatch(
      /while this was not overcome: API call failed: connection_failed/,
    );
  });

  it("L7: says that the CLI was killed while work in the background owed it another turn", () => {
    const { lines: all, stderr } = recording("background");
    const lines = all.slice(0, all.findIndex((line) => line.includes('"type":"result"')) + 1);
    const waiting = { lines, stderr, exitCode: null, signal: "SIGKILL" };
    const killed = end(waiting);
    expect(killed).toMatchObject({
      failure: { code: "claude_truncated", family: null },
      succeeded: false,
      session: "keep",
    });
    expect(killed.failure?.message).toMatch(
      /ended with SIGKILL without the turn that follows its background work, most likely killed/,
    );
    expect(end({ ...waiting, exitCode: 139, signal: null }).failure?.code).toBe("claude_truncated");
    const failed = lines.map((line) => line.replace('"is_error":false', '"is_error":true'));
    expect(end({ ...waiting, lines: failed }).failure?.code).toBe("claude_failed");
    // With 0 it gave up waiting by itself; where no status is known, the Job was complete.
    for (const exitCode of [0, null])
      expect(end({ ...waiting, exitCode, signal: null })).toMatchObject({ failure: null, succeeded: true });
    expect(end("background", null, { exitCode: 137 })).toMatchObject({ failure: null, succeeded: true });
  });

  it("L17: has the words of stderr where nothing came on stdout", () => {
    const { failure } = end("unknown-option", null, { stderrTail: "first\ncannot load libc\n" });
    expect(failure).toMatchObject({
      code: "claude_start_failed",
      message: "Claude Code ended with status 1 before it began: cannot load libc",
    });
  });

  it("R10: takes no word of stderr for a lost session once the agent has begun", () => {
    const stderrTail = "No conversation found with session ID: 11111111-2222-4333-8444-555555555555\n";
    expect(end("killed", session, { stderrTail })).toMatchObject({
      failure: { code: "claude_truncated" },
      session: "keep",
    });
  });
});

describe("who sends the bill", () => {
  it.each([
    [{}, "anthropic", "subscription"],
    [{ ANTHROPIC_API_KEY: "k" }, "anthropic", "api"],
    [{ ANTHROPIC_API_KEY: "" }, "anthropic", "subscription"],
    [{ ANTHROPIC_API_KEY: "k", CLAUDE_CODE_USE_BEDROCK: "1" }, "aws_bedrock", "metered_api"],
    [{ CLAUDE_CODE_USE_BEDROCK: "0", CLAUDE_CODE_USE_VERTEX: "true" }, "google_vertex", "metered_api"],
  ])("with the variables %j", (environment, biller, billingType) => {
    expect(end("text", null, { environment })).toMatchObject({ provider: "anthropic", biller, billingType });
  });
});

it("R9: says what to do, since the CLI's own advice to log in cannot be followed in a Job", () => {
  expect(end("not-logged-in").failure?.message).toContain("Give the agent credentials: ANTHROPIC_API_KEY");
});
