import type { OutcomeKind } from "@paperclip-k8s/job-supervisor";
import { describe, expect, it } from "vitest";
import type { AgentVerdict } from "../../src/agent-definition.ts";
import type { FollowedRun } from "../../src/attempt/follow-run.ts";
import { codeOfOutcome, errorCatalogue } from "../../src/result/error-catalogue.ts";
import { notConfigured, refusedResult, toResult, unreachableResult } from "../../src/result/to-result.ts";
import { content, everyKind, finished, followedRun, outcomeOf, part } from "../support/followed.ts";

const clock = { now: () => Date.parse("2026-01-02T03:04:05Z") };
const acknowledged = { state: "acknowledged", acknowledgedAt: "2026-01-02T03:04:05.000Z", forced: false };
const bootstrap = { kind: "bootstrap", providerWorkStarted: false };

function resultOf(followed: Partial<FollowedRun> = {}, verdict: Partial<AgentVerdict> = {}) {
  return toResult({
    ...{ followed: followedRun(followed), verdict: { ...content, ...verdict }, clock },
    sessionParams: { sessionId: "s-1", podDirectory: "/paperclip" },
    resumedSessionId: null,
  });
}

const failure = { code: "agent_said", family: null, message: "It broke.", retryNotBefore: null };

describe("a run that ended well", () => {
  it("is a success with usage, cost, model, session and summary, and no trace of a failure", () => {
    expect(resultOf()).toMatchObject({
      ...{
        exitCode: 0,
        signal: null,
        timedOut: false,
        errorCode: null,
        errorMessage: null,
        errorFamily: null,
      },
      usage: { inputTokens: 1, outputTokens: 2, cachedInputTokens: 3 },
      ...{
        usageBasis: "per_run",
        costUsd: 0.5,
        model: "m-1",
        provider: "p",
        biller: "b",
        billingType: "api",
      },
      ...{ sessionId: "s-1", sessionDisplayId: "s-1", summary: "Done." },
      sessionParams: { sessionId: "s-1", podDirectory: "/paperclip" },
    });
    expect(resultOf().executionRecovery).toBeUndefined();
  });

  it("keeps small facts and nothing of the transcript", () => {
    expect(resultOf().resultJson).toEqual({
      turns: 2,
      outcome: "succeeded",
      writer: "dead",
      kubernetes: {
        ...{ jobName: "sh-a-r", podName: "sh-a-r-x", nodeName: "node-1", reason: null },
        ...{ startedAt: 1, endedAt: 2 },
      },
      output: { stdoutBytes: 10, stdoutLines: 1, stderrBytes: 10 },
    });
  });

  it("says nothing of usage where the agent did not", () => {
    const result = resultOf({ agent: { ...finished, usage: null } });
    expect(result).not.toHaveProperty("usage");
    expect(result).not.toHaveProperty("usageBasis");
  });
});

describe("every kind of outcome", () => {
  it("is known here", () => {
    expect(everyKind.map(({ kind }) => kind).sort()).toEqual(Object.keys(codeOfOutcome).sort());
  });

  const errors = everyKind.filter(({ kind }) => codeOfOutcome[kind] !== null);

  it.each(errors.map((kind) => [kind.kind, kind] as const))(
    "%s has its code, family and remedy",
    (_name, kind) => {
      const result = resultOf({ outcome: outcomeOf(kind, { exitCode: 137, signal: "SIGKILL" }) });
      const code = codeOfOutcome[kind.kind]!;
      expect(result).toMatchObject({ errorCode: code, errorFamily: errorCatalogue[code].family });
      expect(result.errorMessage).toBe(`What happened. ${errorCatalogue[code].remedy}`);
      expect(result.timedOut).toBe(kind.kind === "timed_out");
      if (kind.kind === "cancelled") expect(result).toMatchObject({ exitCode: null, signal: "SIGTERM" });
      else expect(result).toMatchObject({ exitCode: 137, signal: "SIGKILL" });
    },
  );

  it.each(errors.map((kind) => [kind.kind, kind] as const))(
    "%s beats a success that the agent tells",
    (_n, kind) => {
      expect(resultOf({ outcome: outcomeOf(kind) }, { succeeded: true }).errorCode).toBe(
        codeOfOutcome[kind.kind],
      );
    },
  );

  it("every code of the catalogue can be reached", () => {
    const reached = new Set<string | null | undefined>([
      ...everyKind.map((kind) => resultOf({ outcome: outcomeOf(kind) }).errorCode),
      resultOf({ stdout: part }).errorCode,
      notConfigured("x").errorCode,
    ]);
    for (const code of Object.keys(errorCatalogue)) expect(reached).toContain(code);
  });
});

describe("C18", () => {
  const failed = outcomeOf(
    { kind: "failed" },
    { exitCode: 1, message: "The agent CLI ended with exit code 1." },
  );

  it("exit 0 with an error that the agent tells is a failure", () => {
    expect(resultOf({}, { failure })).toMatchObject({ errorCode: "agent_said", errorMessage: "It broke." });
  });

  it("an error without words is a failure too: the host goes by the message", () => {
    expect(resultOf({}, { failure: { ...failure, message: "" } }).errorMessage).toBe("agent_said");
  });

  it("a success that the agent tells beats exit 1", () => {
    expect(resultOf({ outcome: failed }, { succeeded: true })).toMatchObject({
      ...{ exitCode: 0, signal: null, errorCode: null, errorMessage: null },
    });
  });

  it("exit 1 without a word of its own is agent_failed, with the end of its stderr", () => {
    const stderrTail = `${"noise\n".repeat(20)}the reason\n`;
    const { errorCode, errorMessage, exitCode } = resultOf({ outcome: failed, stderrTail });
    expect({ errorCode, exitCode }).toEqual({ errorCode: "agent_failed", exitCode: 1 });
    expect(errorMessage).toContain("the reason");
    expect(errorMessage!.match(/noise/g)).toHaveLength(4);
  });

  it("family and time of a retry are the agent's", () => {
    const quota = {
      ...failure,
      family: "provider_quota" as const,
      retryNotBefore: "2026-01-03T00:00:00.000Z",
    };
    expect(resultOf({}, { failure: quota })).toMatchObject({
      ...{ errorFamily: "provider_quota", retryNotBefore: "2026-01-03T00:00:00.000Z" },
    });
  });
});

describe("output that did not all arrive", () => {
  it.each(["stdout", "stderr"] as const)("is never a silent success: %s", (stream) => {
    const result = resultOf({ [stream]: part });
    expect(result.errorCode).toBe("k8s_log_incomplete");
    expect(result.errorMessage).toContain("6 bytes never came");
  });

  it("is no success of the agent's telling either", () => {
    const outcome = outcomeOf({ kind: "failed" }, { exitCode: 1 });
    expect(resultOf({ outcome, stdout: part }, { succeeded: true }).errorCode).toBe("k8s_log_incomplete");
  });

  it("L7: explains an agent that seems not to have finished", () => {
    const agent = { ...finished, state: "truncated" as const };
    expect(resultOf({ agent, stdout: part }, { failure }).errorCode).toBe("k8s_log_incomplete");
    expect(resultOf({ agent }, { failure }).errorCode).toBe("agent_said");
  });

  it("leaves the agent's own error its place where that is whole", () => {
    expect(resultOf({ stdout: part }, { failure }).errorCode).toBe("agent_said");
  });
});

describe("evidence for the host", () => {
  it.each(everyKind.map((kind) => [kind.kind, kind] as const))(
    "%s: no agent work started only where none did",
    (_n, kind) => {
      const of = (writer: "dead" | "never_started" | "not_confirmed") =>
        resultOf({ outcome: outcomeOf(kind, { writer }) }).executionRecovery?.kind;
      expect(of("never_started")).toBe("bootstrap");
      expect(of("not_confirmed")).not.toBe("bootstrap");
      expect(of("dead") === "bootstrap").toBe(kind.kind === "start_failed");
    },
  );

  it.each([
    ["cli_missing", true],
    ["output_unwritable", true],
    ["prompt_unreadable", true],
    ["already_started", false],
    ["anything_else", false],
  ])("a start that failed by %s: nothing was done is %s", (word, isCertain) => {
    const outcome = outcomeOf({ kind: "start_failed", failure: word });
    expect(resultOf({ outcome }).executionRecovery).toEqual(isCertain ? bootstrap : undefined);
  });

  it("X6: a cancel is acknowledged, with its session, where the writer is dead", () => {
    const result = resultOf({ outcome: outcomeOf({ kind: "cancelled" }) });
    expect(result.resultJson).toMatchObject({ executionCancellation: acknowledged });
    expect(result.executionRecovery).toEqual({
      ...{ kind: "interrupted", providerStopped: true, sessionPreserved: true, actionOutcomes: "settled" },
    });
  });

  it("X6: a cancel whose writer may live on is not acknowledged, and says so", () => {
    const result = resultOf({ outcome: outcomeOf({ kind: "cancelled" }, { writer: "not_confirmed" }) });
    expect(result.resultJson).not.toHaveProperty("executionCancellation");
    expect(result.executionRecovery).toBeUndefined();
    expect(result.errorMessage).toContain("could not be confirmed");
  });

  it("X1: a cancel before the agent started is acknowledged, with evidence that nothing was done", () => {
    const result = resultOf({ outcome: outcomeOf({ kind: "cancelled" }, { writer: "never_started" }) });
    expect(result.resultJson).toMatchObject({ executionCancellation: acknowledged });
    expect(result.executionRecovery).toEqual(bootstrap);
  });

  it.each([
    ["none is known", { agent: { ...finished, sessionId: null } }, {}],
    ["it is to be cleared", {}, { session: "clear" as const }],
  ])("a cancel does not claim that a session is preserved where %s", (_what, followed, verdict) => {
    const result = resultOf({ outcome: outcomeOf({ kind: "cancelled" }), ...followed }, verdict);
    expect(result.executionRecovery).toBeUndefined();
    expect(result.resultJson).toHaveProperty("executionCancellation");
  });
});

describe("the session", () => {
  it.each(["clear", "retry_fresh"] as const)("is cleared where the verdict is %s", (session) => {
    expect(resultOf({}, { session })).toMatchObject({
      clearSession: true,
      sessionId: null,
      sessionParams: null,
    });
  });

  it("stays as it was where the agent has told of none", () => {
    const followed = followedRun({ agent: { ...finished, sessionId: null } });
    const result = toResult({
      ...{ followed, verdict: content, clock },
      ...{ sessionParams: undefined, resumedSessionId: null },
    });
    for (const key of ["clearSession", "sessionId", "sessionParams", "sessionDisplayId"])
      expect(result).not.toHaveProperty(key);
  });

  it("C8: survives a timeout", () => {
    expect(resultOf({ outcome: outcomeOf({ kind: "timed_out" }) })).toMatchObject({
      ...{ timedOut: true, errorCode: "timeout", sessionId: "s-1" },
    });
  });
});

describe("a run that was refused", () => {
  const refused = (
    kind: OutcomeKind,
    writer: "never_started" | "not_confirmed" = "never_started",
    workStarted = false,
  ) => refusedResult(outcomeOf(kind, { writer }), { clock, workStarted });

  it("has evidence that nothing was done", () => {
    expect(refused({ kind: "blocked" })).toMatchObject({
      ...{ errorCode: "k8s_concurrent_run_blocked", exitCode: null, executionRecovery: bootstrap },
    });
  });

  it("has none where a resume was not answered: it may have been applied", () => {
    const result = refused({ kind: "create_failed", transient: true }, "not_confirmed");
    expect(result.executionRecovery).toBeUndefined();
    expect(result.errorMessage).toContain("could not be confirmed");
    expect(result.resultJson).toMatchObject({ writer: "not_confirmed" });
  });

  it("is worth another try where the API server was in trouble, not where it finds the Job invalid", () => {
    const familyOf = (transient: boolean) => refused({ kind: "create_failed", transient }).errorFamily;
    expect([familyOf(true), familyOf(false)]).toEqual(["transient_upstream", null]);
  });

  it("has none where an earlier attempt did something", () => {
    expect(refused({ kind: "blocked" }, "never_started", true).executionRecovery).toBeUndefined();
    expect(notConfigured("x", { workStarted: true }).executionRecovery).toBeUndefined();
  });

  it("X1: is acknowledged where it was cancelled", () => {
    expect(refused({ kind: "cancelled" })).toMatchObject({
      ...{ signal: "SIGTERM", errorCode: "cancelled", executionRecovery: bootstrap },
      resultJson: { executionCancellation: acknowledged },
    });
    expect(refused({ kind: "cancelled" }, "not_confirmed").resultJson).not.toHaveProperty(
      "executionCancellation",
    );
  });

  it("says what the config lacks, or that the API server is away, with evidence that nothing was done", () => {
    expect(notConfigured("image is not set")).toMatchObject({
      ...{ errorCode: "configuration_incomplete", executionRecovery: bootstrap },
      errorMessage: "image is not set. Correct the named fields in the agent's config.",
    });
    expect(unreachableResult("no answer")).toMatchObject({
      ...{
        errorCode: "k8s_job_create_failed",
        errorFamily: "transient_upstream",
        executionRecovery: bootstrap,
      },
    });
  });
});
