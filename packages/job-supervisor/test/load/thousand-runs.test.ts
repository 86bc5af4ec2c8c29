import { expect, test } from "vitest";
import { heapInUse, liveRuns } from "./live-runs.ts";

const RUNS = 1000;
/** A run may cost this much of the heap, in bytes. */
const HEAP_PER_RUN = 300_000;
/** How long nothing changes, in ms: shorter than any watch. */
const QUIET_MS = 5000;

test(`L18 ${RUNS} live runs of one process: five requests each, none while nothing changes, 300 KB of heap each at most`, async () => {
  await using load = await liveRuns(RUNS);
  const before = heapInUse();
  const runs = await load.launch(50);
  const perRun = (heapInUse() - before) / RUNS;
  expect(perRun).toBeLessThan(HEAP_PER_RUN);

  const launched = await load.requests();
  const count = (verbs: readonly string[], one: string) => verbs.filter((verb) => verb === one).length;
  for (const one of ["create jobs", "create secrets", "patch jobs"]) expect(count(launched, one)).toBe(RUNS);
  // One of each kind for the process: the first view.
  expect(count(launched, "list jobs")).toBe(RUNS + 1);
  expect(count(launched, "list pods")).toBe(1);

  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  expect((await load.requests()).length).toBe(launched.length);

  load.end(load.ids);
  const outcomes = await Promise.all(runs.map((run) => run.outcome));
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["succeeded"]));
  await Promise.all(runs.map((run) => run.cleanUp({ retainJob: false, patienceMs: 60_000 })));
  const all = await load.requests();
  const ofRuns = all.filter((verb) => !verb.startsWith("watch") && verb !== "list pods").length - 1;
  expect(ofRuns).toBe(5 * RUNS);
}, 180_000);
