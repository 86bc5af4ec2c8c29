import { expect, it } from "vitest";
import { createReducer } from "../src/reducer.ts";
import { recording } from "./support/recordings.ts";

function reduced(name: string) {
  const { lines, stderr } = recording(name);
  const reducer = createReducer();
  for (const line of lines) reducer.push(line);
  for (const line of stderr.split("\n")) reducer.pushStderr?.(line);
  return reducer;
}

it("R11: what a run used is the run's own, also in a resumed session", () => {
  expect(reduced("session-resumed").result()).toMatchObject({
    state: "finished",
    sessionId: "ses_00000000000000000000000001",
    usage: { inputTokens: 100, outputTokens: 10, cachedInputTokens: 0 },
    costUsd: expect.closeTo(0.00045, 9),
    sessionCostUsd: null,
    summary: "I remember.",
    failure: null,
  });
});

it("R12: a provider that is out is waited for, with the time of the next try", () => {
  expect(reduced("api-429-retry-after").waiting?.()).toEqual({
    streak: 1,
    failure: {
      code: "provider_quota",
      family: "provider_quota",
      message: "This request would exceed your rate limit",
      retryNotBefore: "2026-01-01T00:00:00.000Z",
    },
  });
  expect(reduced("api-529").waiting?.()).toMatchObject({
    failure: { family: "transient_upstream", message: "Overloaded" },
  });
  expect(reduced("unknown-reason").waiting?.()).toMatchObject({
    failure: {
      code: "opencode_transient_upstream",
      message: "The provider ends its answers for no known reason",
    },
  });
});

it.each(["text", "retried", "api-401", "killed"])("R12: in %s nothing is waited for", (name) => {
  expect(reduced(name).waiting?.()).toBeNull();
});

it("K3: keeps numbers for the host's record, and nothing of the transcript", () => {
  const { details } = reduced("tools").result();
  expect(details).toMatchObject({ turns: 4, finishReason: "stop", toolCalls: 3 });
  expect(Object.values(details).every((value) => typeof value !== "object")).toBe(true);
});

it("C20: has said its last word with the end of its last step, and not between two, nor with an error", () => {
  expect(reduced("tools").isClosed?.()).toBe(true);
  expect(reduced("killed").isClosed?.()).toBe(false);
  expect(reduced("api-401").isClosed?.()).toBe(false);
  expect(reduced("unknown-reason").isClosed?.()).toBe(false);
  expect(reduced("api-529").isClosed?.()).toBe(false);
});
