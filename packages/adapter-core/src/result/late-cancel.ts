import type { AdapterExecutionResult } from "@paperclipai/adapter-utils/types";

const INTERRUPTED = {
  kind: "interrupted",
  providerStopped: true,
  sessionPreserved: true,
  actionOutcomes: "settled",
} as const;

/** What tells the host that a cancel has been obeyed. */
export function acknowledgment(now: number) {
  return {
    executionCancellation: {
      state: "acknowledged",
      acknowledgedAt: new Date(now).toISOString(),
      forced: false,
    },
  };
}

/** What tells the host that the agent has ended and its session can go on; nothing where the session cannot. */
export function recoveryOfStopped(keepsSession: boolean): Pick<AdapterExecutionResult, "executionRecovery"> {
  return keepsSession ? { executionRecovery: { ...INTERRUPTED } } : {};
}

/**
 * Answers a cancel that comes when the agent has ended by itself already: before the result is returned, or while the
 * host still writes it down. The host then takes the run for cancelled whatever its result says, and without an
 * acknowledgment refuses the cancel and holds the issue. So it is added to the very object that the host has.
 */
export function answerLateCancel(
  result: AdapterExecutionResult,
  { cancelled, clock }: { readonly cancelled: AbortSignal; readonly clock: { now(): number } },
): AdapterExecutionResult {
  const acknowledge = (): void => {
    const json = result.resultJson ?? {};
    // Nobody knows whether the agent has ended.
    if (json["writer"] === "not_confirmed" || "executionCancellation" in json) return;
    result.resultJson = { ...json, ...acknowledgment(clock.now()) };
    if (!result.executionRecovery)
      Object.assign(result, recoveryOfStopped(typeof result.sessionId === "string"));
  };
  if (cancelled.aborted) acknowledge();
  else cancelled.addEventListener("abort", acknowledge, { once: true });
  return result;
}
