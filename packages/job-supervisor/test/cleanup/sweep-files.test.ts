import { expect, test } from "vitest";
import { fakeClock, until } from "../support/fake-clock.ts";
import { world } from "../support/world.ts";

test("after a sweep the files' keeper is told of every run whose Job is there (L20)", async () => {
  await using at = await world();
  const told: string[][] = [];
  const sweepFiles = async (known: readonly { identity: { runId: string } }[]) => {
    told.push(known.map(({ identity }) => identity.runId));
  };
  const host = at.host("host-1", { sweepFiles });
  const run = await host.run({ runId: "run-1" });
  await host.supervisor.sweep();
  expect(new Set(told.at(-1))).toEqual(new Set(["run-1"]));
  at.agent("run-1").end(0);
  await run.outcome;
  await run.cleanUp({ retainJob: false, patienceMs: 10_000 });
  await at.nothingLeft();
  await until("the watch has heard of it", async () => {
    await host.supervisor.sweep();
    return told.at(-1)?.length === 0;
  });
});

test("the files of a run that is followed are kept although its Job has gone, or was never heard of", async () => {
  await using at = await world();
  let known: string[] = [];
  const host = at.host("host-1", {
    sweepFiles: async (runs) => {
      known = runs.map(({ identity }) => identity.runId);
    },
  });
  await host.run({ runId: "other", identity: { agentId: "other" } });
  at.sandbox.faults.freezeWatches("jobs");
  await host.run({ runId: "run-1" });
  await host.supervisor.sweep();
  expect(new Set(known)).toEqual(new Set(["other", "run-1"]));
});

test("a host whose lists have never worked sweeps no files: it knows of no Job, not that there is none (C3)", async () => {
  await using at = await world({
    permissions: { deny: [{ verb: "list", resource: "jobs" }] },
  });
  const clock = fakeClock();
  let told = 0;
  const host = at.host("host-1", {
    clock,
    sweepFiles: async () => {
      told += 1;
    },
  });
  await host.supervisor.sweep();
  expect(told).toBe(0);
});
