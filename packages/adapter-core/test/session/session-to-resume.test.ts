import { describe, expect, it } from "vitest";
import { sessionParams } from "../../src/session/session-params.ts";
import { sessionToResume } from "../../src/session/session-to-resume.ts";

const expectations = { podDirectory: "/paperclip/work", bundleKey: null };

function decide(sessionParams: Record<string, unknown> | null, sessionId: string | null = null) {
  return sessionToResume({ runtime: { sessionId, sessionParams }, expectations });
}

describe("R1: the session to resume", () => {
  it("is the stored one where its folder is the same", () => {
    expect(decide({ sessionId: "s1", podDirectory: "/paperclip/work", sessionCostUsd: 0.5 })).toEqual({
      sessionId: "s1",
      resumedCostUsd: 0.5,
      reason: null,
    });
  });

  it("is the one of which the host hands back the id alone", () => {
    expect(decide({ sessionId: "s1" })).toMatchObject({ sessionId: "s1", resumedCostUsd: null });
    expect(decide(null, "s1")).toMatchObject({ sessionId: "s1" });
  });

  it("is none where there was none, without a word", () => {
    expect(decide(null)).toEqual({ sessionId: null, resumedCostUsd: null, reason: null });
  });

  it("is none in another folder, and the reason names both", () => {
    const { sessionId, reason } = decide({ sessionId: "s1", podDirectory: "/paperclip/other" });
    expect(sessionId).toBeNull();
    expect(reason).toBe(
      "session s1 belongs to another podDirectory: /paperclip/other instead of /paperclip/work",
    );
  });

  it("is none with a bundle that is not there any more", () => {
    expect(decide({ sessionId: "s1", bundleKey: "b1" })).toMatchObject({ sessionId: null });
  });

  it.each(["--version", "../x", "a b", "a\nb", "$(x)", "x".repeat(300)])("K6: is never %j", (id) => {
    expect(decide({ sessionId: id })).toMatchObject({ sessionId: null });
    const runtime = { sessionId: id, sessionParams: null };
    expect(sessionToResume({ runtime, expectations, idPattern: /./s })).toMatchObject({ sessionId: null });
  });

  it("is none of which the agent's pattern says that it is another agent's", () => {
    const runtime = { sessionId: "ses_1", sessionParams: null };
    expect(sessionToResume({ runtime, expectations, idPattern: /^[0-9a-f-]{36}$/ })).toMatchObject({
      sessionId: null,
    });
  });

  it("ignores a cost that is none", () => {
    for (const sessionCostUsd of ["1", -1, Number.NaN, null]) {
      expect(decide({ sessionId: "s1", sessionCostUsd })).toMatchObject({
        sessionId: "s1",
        resumedCostUsd: null,
      });
    }
  });
});

describe("the parameters to store", () => {
  const session = { sessionId: "s1", podDirectory: "/paperclip/work", sessionCostUsd: 0.25 };

  it("let the next run resume, whatever else was stored of the same session", () => {
    const stored = sessionParams({ ...session, expectations, previous: { sessionId: "s1", other: 1 } });
    expect(stored).toEqual({ ...session, other: 1 });
    expect(decide(stored)).toMatchObject({ sessionId: "s1", resumedCostUsd: 0.25 });
  });

  it("never have a key that the host takes for a folder of its own", () => {
    expect(sessionParams(session)).not.toHaveProperty("cwd");
  });

  it("keep nothing of another session", () => {
    expect(sessionParams({ ...session, previous: { sessionId: "s0", other: 1 } })).toEqual(session);
  });

  it("R11: forget the cost where it is not known, so that it is not subtracted later", () => {
    const previous = { sessionId: "s1", sessionCostUsd: 0.1 };
    expect(sessionParams({ ...session, sessionCostUsd: null, previous })).not.toHaveProperty(
      "sessionCostUsd",
    );
  });
});
