import { expect, test } from "vitest";
import { createClaudeReducer, parseEvent } from "../../src/index.ts";
import { fixture, reduce } from "./fixture.ts";

const { lines } = fixture("background");
const firstResult = lines.findIndex((line) => JSON.parse(line).type === "result");

test("C20: after a result with work in the background the CLI goes on, and the result says so", () => {
  expect(reduce(lines.slice(0, firstResult + 1))).toMatchObject({
    state: "finished",
    finalText: "Started.",
    backgroundTasks: 1,
  });
});

test("The turn that follows belongs to the run: its answer is the last, its tokens and cost are added", () => {
  const result = reduce(lines);
  expect(result).toMatchObject({
    state: "finished",
    finalText: "The background work is done.",
    usage: { inputTokens: 300, outputTokens: 54 },
    usageSource: "result",
    turns: 3,
    durationMs: 20,
    backgroundTasks: 0,
  });
  expect(result.costUsd).toBeCloseTo(0.00228, 9);
  expect(result.sessionCostUsd).toBeCloseTo(0.00228, 9);
});

test("L7: a run that is cut off in that turn is truncated, and keeps what the first turn used", () => {
  const result = reduce(lines.slice(0, -1));
  expect(result).toMatchObject({
    state: "truncated",
    finalText: "The background work is done.",
    usage: { inputTokens: 300, outputTokens: 41 },
    usageSource: "messages",
    turns: 2,
  });
  expect(result.costUsd).toBeCloseTo(0.0016, 9);
  expect(result).not.toHaveProperty("subtype");
});

test("A failure of the first turn is not the second one's", () => {
  const failing = JSON.parse(lines[firstResult] ?? "");
  const first = JSON.stringify({ ...failing, is_error: true, api_error_status: 529 });
  const changed = lines.with(firstResult, first);
  expect(reduce(changed.slice(0, firstResult + 1)).failure?.family).toBe("transient_upstream");
  expect(reduce(changed)).not.toHaveProperty("failure");
});

test("A turn that is cut off at its beginning has not failed at what the turn before failed at", () => {
  const [init = ""] = lines;
  const failed = fixture("api-529").lines;
  const second = JSON.stringify({ ...JSON.parse(init), uuid: "another" });
  expect(reduce([...failed, second])).toMatchObject({ state: "truncated" });
  expect(reduce([...failed, second])).not.toHaveProperty("failure");
});

test("C20: a task that only watches brings no turn: the result is the last word", () => {
  const reducer = createClaudeReducer();
  const result = lines[firstResult] ?? "";
  const tasks = (...ambient: boolean[]) =>
    JSON.stringify({
      ...{ type: "system", subtype: "background_tasks_changed" },
      tasks: ambient.map((value, at) => ({ task_id: `task-${at}`, task_type: "local_bash", ambient: value })),
    });
  for (const line of [...lines.slice(0, 2), tasks(true), result]) reducer.push(parseEvent(line));
  expect(reducer.isClosed()).toBe(true);
  expect(reducer.result().backgroundTasks).toBe(0);
  reducer.push(parseEvent(tasks(true, false)));
  expect(reducer.isClosed()).toBe(false);
  expect(reducer.result().backgroundTasks).toBe(1);
});
