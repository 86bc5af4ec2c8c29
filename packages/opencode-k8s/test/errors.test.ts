import { describe, expect, it } from "vitest";
import {
  endedWell,
  testRecordedEnds,
  verdictsOn,
} from "../../adapter-core/test/support/adapters/recorded-ends.ts";
import { opencode } from "../src/definition.ts";
import { ends } from "../src/errors.ts";
import { openCodeRun } from "./support/opencode-run.ts";
import { recording } from "./support/recordings.ts";

const end = verdictsOn({ definition: opencode, recording, config: { model: "anthropic/claude-sonnet-4-5" } });

testRecordedEnds({
  end,
  errors: ends.errors,
  failures: [
    ["R9", "api-401", "opencode_auth_required", null, "keep"],
    ["R9", "api-403", "opencode_auth_required", null, "keep"],
    ["R1", "api-404-model", "model_not_found", null, "keep"],
    ["R1", "unknown-model", "model_not_found", null, "keep"],
    ["R1", "unknown-provider", "model_not_found", null, "keep"],
    ["R6", "context-overflow", "opencode_context_overflow", null, "clear"],
    ["R6", "api-413", "opencode_context_overflow", null, "clear"],
    ["C18", "refusal", "opencode_refusal", "model_refusal", "keep"],
    ["C18", "output-limit", "opencode_output_limit", null, "keep"],
    ["C18", "api-400-credit", "opencode_billing_required", null, "keep"],
    ["C18", "api-400-other", "opencode_invalid_request", null, "keep"],
    ["R1", "unknown-session", "opencode_unknown_session", null, "retry_fresh"],
    ["R1", "api-400-tool-pairs", "opencode_poisoned_session", null, "retry_fresh"],
    ["L7", "killed", "opencode_truncated", null, "keep"],
    ["R12", "api-529", "opencode_transient_upstream", "transient_upstream", "keep"],
    ["R12", "api-429", "provider_quota", "provider_quota", "keep"],
    ["R8", "stream-cut", "opencode_truncated", "transient_upstream", "keep"],
    ["R8", "unknown-reason", "opencode_truncated", "transient_upstream", "keep"],
    ["L17", "no-prompt", "opencode_start_failed", null, "keep"],
    ["L17", "unknown-option", "opencode_start_failed", null, "keep"],
  ],
  unrecorded: {
    opencode_failed: {
      lines: [
        `{"type":"error","timestamp":1,"sessionID":"ses_1","error":{"name":"NewError","data":{"message":"a new kind of trouble"}}}`,
      ],
      ...{ stderr: "", exitCode: 1, signal: null },
    },
    opencode_state_unusable: {
      lines: [],
      stderr: "Error: Unexpected error\n\nFailed query: PRAGMA wal_checkpoint(PASSIVE)\nparams: \n",
      ...{ exitCode: 1, signal: null },
    },
  },
  successes: [...endedWell, "command-failed", "stop-with-tool", "context-compacted", "survived-error"],
});

describe("an end", () => {
  it("C18: an error event beats status 0, a last step that ended well beats another status", () => {
    expect(end("api-401", null, { exitCode: 0 })).toMatchObject({
      failure: { code: "opencode_auth_required" },
    });
    expect(end("text", null, { exitCode: 1 })).toMatchObject({ failure: null, succeeded: true });
  });

  it("R1: a session that is broken from its start is not tried again, but left", () => {
    expect(end("api-400-tool-pairs", null).session).toBe("clear");
  });

  it("L7: names the model and the likely cause of an end in the middle", () => {
    expect(end("killed").failure?.message).toMatch(
      /^OpenCode \(anthropic\/claude-sonnet-4-5\) began and ended with SIGKILL without the end of its last step, most likely killed/,
    );
    expect(end("stream-cut").failure?.message).toMatch(/not overcome: Connection reset by server\.$/);
  });

  it("L17: has the words of stderr, without colours, where nothing came on stdout", () => {
    expect(end("no-prompt").failure?.message).toBe(
      "OpenCode ended with status 1 before it began: Error: You must provide a message or a command",
    );
  });

  it("R12: a model that is not there is named, and what to do", () => {
    expect(end("unknown-model").failure?.message).toBe(
      "OpenCode failed: Model not found: anthropic/no-such-model. Set model to one that the provider has, as provider/model.",
    );
  });

  it("a database that cannot be used is told as such", () => {
    const stderrTail =
      "\u001b[91m\u001b[1mError: \u001b[0mUnexpected error\n\nFailed query: PRAGMA wal_checkpoint(PASSIVE)\nparams: \n";
    expect(end("no-prompt", null, { stderrTail }).failure).toMatchObject({
      code: "opencode_state_unusable",
      message: expect.stringContaining("Failed query: PRAGMA wal_checkpoint(PASSIVE). The volume must have"),
    });
  });
});

it.each([
  [{ ANTHROPIC_API_KEY: "k" }, "api"],
  [{ OPENAI_API_KEY: "k" }, "unknown"],
  [{}, "unknown"],
])("who sends the bill is told by the model's provider and its key: %j", (environment, billingType) => {
  expect(end("text", null, { environment })).toMatchObject({
    ...{ model: "anthropic/claude-sonnet-4-5", provider: "anthropic", biller: "anthropic", billingType },
  });
});

it("without a model in the config nobody knows who answered", () => {
  expect(end("text", null, { run: openCodeRun() })).toMatchObject({ model: null, provider: null });
});
