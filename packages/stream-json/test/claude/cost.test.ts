import { expect, test } from "vitest";
import { fixture, reduce } from "./fixture.ts";

/** The recording as a CLI would print it that tells sums alone. */
function sumsOnly(name: string): string[] {
  return fixture(name).lines.map((line) => {
    const event = JSON.parse(line);
    delete event.model_usage_since_last_result;
    return JSON.stringify(event);
  });
}

test("R11: a resumed session's run has its own cost and tokens, although the sums are in the result", () => {
  const first = reduce(fixture("session-first").lines);
  const resumed = reduce(fixture("session-resumed").lines);
  expect(resumed.costUsd).toBeCloseTo(0.0006, 9);
  expect(resumed.usage).toMatchObject({ inputTokens: 100, outputTokens: 10 });
  expect(resumed.sessionCostUsd).toBeCloseTo((first.costUsd ?? 0) + (resumed.costUsd ?? 0), 9);
});

test("R11: a resumed run that failed before an answer has cost nothing", () => {
  const result = reduce(fixture("session-resumed-error").lines);
  expect(result).toMatchObject({ costUsd: 0, usage: { inputTokens: 0, outputTokens: 0 } });
  expect(result.sessionCostUsd).toBeGreaterThan(0.005);
});

test("R11: a killed run is not in the sums of the next one", () => {
  expect(reduce(fixture("session-resumed-after-kill").lines).sessionCostUsd).toBeCloseTo(0.0006, 9);
});

test("R11: where there are sums alone, what the session had cost before is subtracted", () => {
  const previousCostUsd = reduce(fixture("session-first").lines).sessionCostUsd ?? Number.NaN;
  const result = reduce(sumsOnly("session-resumed"), { previousCostUsd });
  expect(result.costUsd).toBeCloseTo(0.0006, 9);
  expect(result.usage).toMatchObject({ inputTokens: 100, outputTokens: 10 });
});

test("R11: where there are sums alone and nothing is known of the session, there is no cost", () => {
  expect(reduce(sumsOnly("session-resumed"))).not.toHaveProperty("costUsd");
  expect(reduce(sumsOnly("session-resumed"), { previousCostUsd: 1 })).not.toHaveProperty("costUsd");
});

test("A fresh session's sum is its run's cost", () => {
  expect(reduce(sumsOnly("text"), { previousCostUsd: 0 }).costUsd).toBeCloseTo(0.00062, 9);
  expect(reduce(sumsOnly("api-401")).costUsd).toBe(0);
});

test("A subagent's tokens and cost are the run's", () => {
  const result = reduce(fixture("subagent").lines);
  expect(result.usage).toMatchObject({ inputTokens: 300, outputTokens: 63 });
  expect(result.costUsd).toBeCloseTo(0.00246, 9);
});

test("Two results of one run add up, the same result twice does not", () => {
  const { lines } = fixture("text");
  const last = JSON.parse(lines.at(-1) ?? "");
  const second = JSON.stringify({ ...last, uuid: "another", result: "More.", total_cost_usd: 0.00124 });
  const result = reduce([...lines, second, second]);
  expect(result.costUsd).toBeCloseTo(0.00124, 9);
  expect(result).toMatchObject({ finalText: "More.", usage: { inputTokens: 200 }, sessionCostUsd: 0.00124 });
});

test("One result without its own cost makes the run's unknown, unless the session's past is known", () => {
  const { lines } = fixture("text");
  const { model_usage_since_last_result: _, ...last } = JSON.parse(lines.at(-1) ?? "");
  const second = JSON.stringify({ ...last, uuid: "another", total_cost_usd: 0.00124 });
  expect(reduce([...lines, second])).not.toHaveProperty("costUsd");
  expect(reduce([...lines, second], { previousCostUsd: 0 }).costUsd).toBeCloseTo(0.00124, 9);
});

test("A result that tells its cost does not make up for one before that did not", () => {
  const { lines } = fixture("text");
  const { model_usage_since_last_result: _, ...last } = JSON.parse(lines.at(-1) ?? "");
  const first = JSON.stringify({ ...last, uuid: "another" });
  expect(reduce([...lines.slice(0, -1), first, ...lines.slice(-1)])).not.toHaveProperty("costUsd");
});
