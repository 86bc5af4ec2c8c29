import { expect, test } from "vitest";
import type { KubeApi, RunFiles } from "../../src/index.ts";
import { superviseRun } from "../../src/supervised-run.ts";
import { bounds, jobWith, runningPod, T0 } from "../support/facts.ts";
import { fakeClock } from "../support/fake-clock.ts";

test("X3 the Job of a writer that may live on goes in the foreground, so that it counts as live, and its files stay", async () => {
  const clock = fakeClock(T0);
  const deleted: string[] = [];
  let removed = 0;
  const api = {
    deleteJob: async (_name: string, how: { propagation: string }) => void deleted.push(how.propagation),
  } as unknown as KubeApi;
  const files: RunFiles = {
    prepare: async () => {},
    look: async () => ({ started: false, record: null }),
    observe: () => {},
    remove: async () => {
      removed += 1;
    },
  };
  const run = superviseRun({
    api,
    clock,
    random: () => 0.5,
    job: jobWith(null),
    run: {} as never,
    files,
    bounds,
    resumedAt: T0,
    container: "agent",
    healthySince: () => T0 - 60_000,
    lastHeard: () => null,
    isAnothers: () => false,
    onSettled: () => {},
  });
  run.podChanged(runningPod());
  run.podRemoved(runningPod());
  await clock.advance(bounds.graceMs + bounds.cleanupMs);
  expect(await run.outcome).toMatchObject({ kind: "deleted_externally", writer: "not_confirmed" });
  await run.cleanUp({ retainJob: false, patienceMs: 1000 });
  expect([deleted, removed]).toEqual([["Foreground"], 0]);
});
