import { expect, test } from "vitest";
import { bounds, runningPod, T0 } from "../support/facts.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { supervised } from "../support/supervised.ts";

test("X3 the Job of a writer that may live on goes in the foreground, so that it counts as live, and its files stay", async () => {
  const clock = fakeClock(T0);
  const deleted: string[] = [];
  let removed = 0;
  const run = supervised({
    clock,
    api: { deleteJob: async (_name, how) => void deleted.push(how.propagation) },
    files: {
      remove: async () => {
        removed += 1;
      },
    },
    healthySince: () => T0 - 60_000,
  });
  run.podChanged(runningPod());
  run.podRemoved(runningPod());
  await clock.advance(bounds.graceMs + bounds.cleanupMs);
  expect(await run.outcome).toMatchObject({ kind: "deleted_externally", writer: "not_confirmed" });
  await run.cleanUp({ retainJob: false, patienceMs: 1000 });
  expect([deleted, removed]).toEqual([["Foreground"], 0]);
});
