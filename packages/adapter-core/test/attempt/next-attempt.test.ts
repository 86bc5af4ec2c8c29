import { describe, expect, it } from "vitest";
import { sequelOf } from "../../src/attempt/next-attempt.ts";
import { everyKind } from "../support/followed.ts";

type Options = Parameters<typeof sequelOf>[0];

const session = { sessionId: "s-1", resumedCostUsd: 1 };
const fresh = { sessionId: null, resumedCostUsd: null };

function sequel(changes: Partial<Options> = {}) {
  return sequelOf({
    outcome: { kind: "failed", writer: "dead" },
    agent: { sessionId: "s-2", sessionCostUsd: 2 },
    verdict: { session: "keep" },
    ...{ session, attempt: 1, isOthersWork: false, isCancelled: false },
    ...changes,
  });
}

it("an attempt's end is the run's", () => {
  for (const { kind } of everyKind)
    expect(sequel({ outcome: { kind, writer: "dead" } })).toEqual({ kind: "none" });
});

describe("R1: a session that cannot be resumed", () => {
  const verdict = { session: "retry_fresh" } as const;

  it("is left for a fresh one, once", () => {
    expect(sequel({ verdict })).toEqual({ kind: "fresh_session", session: fresh });
    expect(sequel({ verdict, attempt: 2 })).toEqual({ kind: "none" });
  });

  it("is not tried again where the cluster ended the agent, or the run was cancelled", () => {
    expect(sequel({ verdict, outcome: { kind: "oom_killed", writer: "dead" } }).kind).toBe("none");
    expect(sequel({ verdict, isCancelled: true }).kind).toBe("none");
  });
});

describe("G5: an orphan with another prompt", () => {
  const isOthersWork = true;

  it("is followed by this run's own work in the session that it left, however it ended", () => {
    for (const { kind } of everyKind.filter((one) => one.kind !== "cancelled")) {
      expect(sequel({ isOthersWork, outcome: { kind, writer: "dead" } })).toEqual({
        kind: "own_work",
        session: { sessionId: "s-2", resumedCostUsd: 2 },
      });
    }
  });

  it("leaves this run its own session where it told of none", () => {
    const agent = { sessionId: null, sessionCostUsd: null };
    expect(sequel({ isOthersWork, agent })).toEqual({ kind: "own_work", session });
  });

  it.each(["clear", "retry_fresh"] as const)("leaves none where its own is to be left (%s)", (how) => {
    expect(sequel({ isOthersWork, verdict: { session: how } })).toEqual({ kind: "own_work", session: fresh });
  });

  it("is the end where it may still work, or the run was cancelled meanwhile", () => {
    expect(sequel({ isOthersWork, outcome: { kind: "node_lost", writer: "not_confirmed" } }).kind).toBe(
      "none",
    );
    expect(sequel({ isOthersWork, outcome: { kind: "cancelled", writer: "dead" } }).kind).toBe("none");
    expect(sequel({ isOthersWork, isCancelled: true }).kind).toBe("none");
  });
});
