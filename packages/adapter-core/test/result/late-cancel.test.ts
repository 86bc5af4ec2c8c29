import type { AdapterExecutionResult } from "@paperclipai/adapter-utils/types";
import { expect, it } from "vitest";
import { answerLateCancel } from "../../src/result/late-cancel.ts";

const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5) };
const acknowledged = { state: "acknowledged", acknowledgedAt: "2026-01-02T03:04:05.000Z", forced: false };
const interrupted = {
  ...{ kind: "interrupted", providerStopped: true, sessionPreserved: true, actionOutcomes: "settled" },
};

const succeeded = (changes: Partial<AdapterExecutionResult> = {}): AdapterExecutionResult => ({
  ...{ exitCode: 0, signal: null, timedOut: false, sessionId: "s1" },
  resultJson: { outcome: "succeeded", writer: "dead" },
  ...changes,
});

it("X1: a cancel that came before the result is acknowledged in it, with the session, and takes nothing from it", () => {
  const result = answerLateCancel(succeeded(), { cancelled: AbortSignal.abort(), clock });
  expect(result).toEqual({
    ...succeeded(),
    resultJson: { outcome: "succeeded", writer: "dead", executionCancellation: acknowledged },
    executionRecovery: interrupted,
  });
});

it("X1: a cancel that comes while the host has the result is acknowledged in the very object; none is, without one", () => {
  const cancel = new AbortController();
  const result = answerLateCancel(succeeded(), { cancelled: cancel.signal, clock });
  expect(result).toEqual(succeeded());
  cancel.abort();
  expect(result.resultJson).toMatchObject({ executionCancellation: acknowledged });
  expect(result.executionRecovery).toEqual(interrupted);
});

it("X6: nothing is acknowledged where the agent may work on", () => {
  const unconfirmed = succeeded({ resultJson: { writer: "not_confirmed" } });
  const result = answerLateCancel(unconfirmed, { cancelled: AbortSignal.abort(), clock });
  expect(result.resultJson).toEqual({ writer: "not_confirmed" });
  expect(result.executionRecovery).toBeUndefined();
});

it("X1: evidence that nothing was done stays; a session that is left is not called preserved", () => {
  const cancelled = AbortSignal.abort();
  const executionRecovery = { kind: "bootstrap", providerWorkStarted: false } as const;
  const bare = answerLateCancel(
    { exitCode: null, signal: null, timedOut: false, executionRecovery },
    { cancelled, clock },
  );
  expect(bare).toMatchObject({ executionRecovery, resultJson: { executionCancellation: acknowledged } });
  const left = succeeded({ sessionId: null, clearSession: true });
  expect(answerLateCancel(left, { cancelled, clock }).executionRecovery).toBeUndefined();
});
