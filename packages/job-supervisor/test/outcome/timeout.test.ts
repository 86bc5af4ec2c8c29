import { expect, test } from "vitest";
import { diagnose } from "../../src/index.ts";
import { bounds, facts, outcomeOf, runningPod, T0, there } from "../support/facts.ts";

const started = { started: true, startedSeenAt: T0 + 1000, record: null, recordSeenAt: null };
const running = (timeoutMs: number, now: number) =>
  diagnose(facts({ pods: there(runningPod()), files: started, bounds: { ...bounds, timeoutMs }, now }));

test("C6 timeoutSec 0 means none, after a year as well", () => {
  expect(running(0, T0 + 365 * 86_400_000)).toMatchObject({ state: "running", reviewAt: null });
});

test("C7 a timeout that is not reached only says when to look again", () => {
  expect(running(60_000, T0 + 60_999)).toMatchObject({ state: "running", reviewAt: T0 + 61_000 });
});

test("C8 a timeout that is reached counts from the container's start and asks for the pod's end", () => {
  const verdict = running(60_000, T0 + 61_000);
  expect(verdict).toMatchObject({ state: "ended", mustStop: true });
  expect(outcomeOf(verdict)).toMatchObject({ kind: "timed_out", writer: "not_confirmed" });
});

test("C3 while the API is away the mark says that the agent works, and the timeout counts from there", () => {
  const away = {
    files: started,
    apiHealthy: false,
    apiHealthySince: null,
    bounds: { ...bounds, timeoutMs: 60_000 },
  };
  expect(diagnose(facts({ ...away, now: T0 + 60_999 }))).toMatchObject({
    state: "running",
    phase: "running",
  });
  expect(outcomeOf(diagnose(facts({ ...away, now: T0 + 61_000 })))).toMatchObject({ kind: "timed_out" });
});
