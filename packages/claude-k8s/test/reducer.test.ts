import { describe, expect, it } from "vitest";
import { createReducer } from "../src/reducer.ts";
import { recording } from "./support/recordings.ts";

function reduce(name: string, run: Parameters<typeof createReducer>[0]) {
  const reducer = createReducer(run);
  for (const line of recording(name).lines) reducer.push(line);
  return reducer.result();
}

const fresh = { resumed: false, resumedCostUsd: null };

describe("R11: what a run used", () => {
  it("is the run's own in a fresh session", () => {
    expect(reduce("tools", fresh)).toMatchObject({
      state: "finished",
      usage: { inputTokens: 400, outputTokens: 166, cachedInputTokens: 0 },
      summary: expect.stringContaining("Done"),
      failure: null,
    });
    expect(reduce("tools", fresh).costUsd).toBeCloseTo(0.00492, 6);
  });

  it("is the run's own in a resumed session, whether or not the host knows what that had cost", () => {
    const first = reduce("session-first", fresh);
    for (const resumedCostUsd of [null, first.sessionCostUsd]) {
      const { usage, costUsd, sessionCostUsd } = reduce("session-resumed", { resumed: true, resumedCostUsd });
      expect(usage).toEqual({ inputTokens: 100, outputTokens: 10, cachedInputTokens: 0 });
      expect(costUsd).toBeCloseTo(0.0006, 6);
      expect(sessionCostUsd).toBeCloseTo((first.costUsd ?? 0) + 0.0006, 6);
    }
  });
});

describe("a CLI that prints the session's sums alone", () => {
  const result = { type: "result", subtype: "success", is_error: false, result: " \n", total_cost_usd: 0.5 };

  function costOf(run: Parameters<typeof createReducer>[0]) {
    const reducer = createReducer(run);
    reducer.push(JSON.stringify({ type: "system", subtype: "init", session_id: "s1", model: "m" }));
    reducer.push(JSON.stringify(result));
    return reducer.result();
  }

  it("R11: has its cost without what the session had cost before", () => {
    expect(costOf(fresh).costUsd).toBeCloseTo(0.5);
    expect(costOf({ resumed: true, resumedCostUsd: 0.2 }).costUsd).toBeCloseTo(0.3);
    expect(costOf({ resumed: true, resumedCostUsd: null }).costUsd).toBeNull();
  });

  it("C18: has no summary in white space", () => {
    expect(costOf(fresh).summary).toBeNull();
  });
});

it("K3: keeps the answer's numbers for the host's record, and nothing of the transcript", () => {
  const { details } = reduce("tools", fresh);
  expect(details).toMatchObject({
    turns: 4,
    subtype: "success",
    backgroundTasks: 0,
    toolCalls: expect.any(Number),
  });
  expect(Object.values(details).every((value) => typeof value !== "object")).toBe(true);
});

it("has no summary where the answer is empty (C18)", () => {
  expect(reduce("empty-answer", fresh)).toMatchObject({ state: "finished", summary: null, failure: null });
});

it("is truncated without a result, and has not started without any event", () => {
  expect(reduce("killed", fresh)).toMatchObject({ state: "truncated", sessionId: expect.any(String) });
  expect(createReducer(fresh).result()).toMatchObject({
    state: "never_started",
    sessionId: null,
    usage: null,
  });
});

it("C20: has said its last word with its result, but not while work goes on in the background", () => {
  const closedAfter = (name: string) => {
    const reducer = createReducer(fresh);
    return recording(name).lines.map((line) => {
      reducer.push(line);
      return reducer.isClosed?.();
    });
  };
  const tools = closedAfter("tools");
  expect(tools.slice(0, -1)).not.toContain(true);
  expect(tools.at(-1)).toBe(true);
  const { lines } = recording("background");
  const results = lines.flatMap((line, index) => (line.includes('"type":"result"') ? [index] : []));
  expect(results).toHaveLength(2);
  const background = closedAfter("background");
  expect(results.map((index) => background[index])).toEqual([false, true]);
});
