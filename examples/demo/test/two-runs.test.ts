import { beforeAll, describe, expect, test } from "vitest";
import { type DemoEnd, eventsOf, nothing, startDemo } from "./start-demo.ts";

describe("the demo", () => {
  let end: DemoEnd;
  beforeAll(async () => {
    end = await startDemo({ args: ["--json"] });
  }, 60_000);
  const results = () => eventsOf(end.events, "result");

  test("runs the real Claude Code twice, well, in less than a minute", () => {
    expect(end.stderr).toBe("");
    expect(end.code).toBe(0);
    expect(results().map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded"]);
    expect(end.elapsedMs).toBeLessThan(60_000);
  });

  test("makes the agent use tools, and shows what they said (R1)", () => {
    const transcript = eventsOf(end.events, "transcript");
    const calls = (run: number) =>
      transcript.filter((event) => event.run === run && event.entry.kind === "tool_call");
    expect(calls(1).length).toBeGreaterThanOrEqual(2);
    const read = transcript.filter(
      ({ run, entry }) => run === 2 && entry.kind === "tool_result" && entry.text === "hello from the pod",
    );
    expect(read, "the second pod finds the first one's file on the volume").toHaveLength(1);
  });

  test("shows the phases of each pod in their order", () => {
    for (const run of [1, 2]) {
      const phases = eventsOf(end.events, "phase").filter((event) => event.run === run);
      const order = phases.map(({ phase }) => phase).filter((phase, at, all) => phase !== all[at - 1]);
      expect(order[0]).toBe("scheduling");
      expect(order).toContain("running");
      expect(order.indexOf("finishing")).not.toBe(0);
    }
  });

  test("resumes the first run's session, which costs only what it adds (R1, R11)", () => {
    const [first, second] = results();
    expect(first?.sessionId).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toMatchObject({ sessionId: first?.sessionId, resumed: true });
    expect(second?.costUsd).toBeGreaterThan(0);
    expect(second?.sessionCostUsd).toBeCloseTo((first?.costUsd ?? 0) + (second?.costUsd ?? 0), 6);
    expect(second?.tokens?.input).toBeLessThan(first?.tokens?.input ?? 0);
  });

  test("costs the API server at most six requests a run, and one start", () => {
    // Events are read of a pod that is slow to start, as one is on a machine that has much to do.
    const sum = ({ "list events": _, ...kinds }: Readonly<Record<string, number>> = {}) =>
      Object.values(kinds).reduce((total, count) => total + count, 0);
    const [first, second] = results();
    for (const figures of [first, second]) {
      const run = figures?.requests?.run ?? {};
      // A run that meets the one before, whose Job is still going, withdraws: its Job, its Secret, a list, a deletion.
      const withdrawn = 4 * ((run["create jobs"] ?? 0) - 1);
      expect(sum(run)).toBeGreaterThan(0);
      expect(sum(run) - withdrawn).toBeLessThanOrEqual(6);
    }
    expect(sum(first?.requests?.start)).toBeLessThanOrEqual(5);
    expect(second?.requests?.start).toEqual({});
  });

  test("leaves no object, no file, no folder and no process", () => {
    expect(eventsOf(end.events, "proof")).toMatchObject([{ left: nothing, clean: true }]);
    expect(end.folders).toEqual([]);
    expect(end.processes).toEqual([]);
  });
});

test("the demo works under a umask that closes everything to others", async () => {
  const { code, events } = await startDemo({ args: ["--json"], umask: 0o077 });
  expect(eventsOf(events, "result").map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded"]);
  expect(code).toBe(0);
}, 60_000);
