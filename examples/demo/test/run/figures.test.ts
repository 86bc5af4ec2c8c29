import { describe, expect, test } from "vitest";
import { type RunResult, readFigures } from "../../src/run/figures.ts";

function figures(result: RunResult) {
  const at = { startedAt: 10_000, runningAt: 10_300, endedAt: 12_000 };
  return readFigures({ run: 1, ...at, result, resumed: false, audit: null });
}

describe("the figures of a run", () => {
  test("take the times of a run that went well from its own record", () => {
    const { outcome, totalMs, untilRunningMs, afterEndMs } = figures({
      resultJson: { outcome: "succeeded", kubernetes: { endedAt: 11_940 } },
    });
    expect({ outcome, totalMs, untilRunningMs, afterEndMs }).toEqual({
      outcome: "succeeded",
      totalMs: 2_000,
      untilRunningMs: 300,
      afterEndMs: 60,
    });
  });

  test("do not take a difference to the kubelet's whole seconds", () => {
    expect(figures({ resultJson: { kubernetes: { endedAt: 11_000 } } }).afterEndMs).toBeNull();
  });

  test("call a cancel confirmed only with the adapter's acknowledgment (X6)", () => {
    const acknowledged = { executionCancellation: { state: "acknowledged" } };
    const cancellation = (resultJson: Record<string, unknown>) =>
      figures({ errorCode: "cancelled", resultJson }).cancellation;
    expect(cancellation({ outcome: "cancelled", ...acknowledged })).toBe("confirmed");
    expect(cancellation({ outcome: "cancelled" })).toBe("unconfirmed");
    expect(cancellation({ outcome: "succeeded" })).toBe("too_late");
  });

  test("are read from a result that says next to nothing", () => {
    expect(figures({ errorCode: "configuration_incomplete", errorMessage: "No image." })).toMatchObject({
      outcome: "configuration_incomplete",
      error: "No image.",
      sessionId: null,
      tokens: null,
      costUsd: null,
    });
  });
});
