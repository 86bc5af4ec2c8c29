import { expect, test } from "vitest";
import { fakeClock, settle, until } from "../support/fake-clock.ts";
import { type Host, type RunChanges, type World, world } from "../support/world.ts";

/** A run whose host dies between the agent's end and the clean-up. */
async function endedUnheard(it: World, changes: RunChanges = {}): Promise<void> {
  const first = it.host("host-1");
  await first.run(changes);
  const runId = changes.runId ?? "run-1";
  await until("the pod", () => it.agent(runId).controls !== null);
  first.supervisor.close();
  it.agent(runId).end(0);
  await until("the Job's end", async () => {
    const jobs = await it.api.listJobs("");
    return jobs.some(({ status }) => status?.conditions?.some(({ type }) => type === "Complete"));
  });
}

const later = (it: World): Host => it.host("host-2", { clock: fakeClock(Date.now() + 60_000) });

test.each<[string, RunChanges]>([
  ["retries it", { runId: "run-2", retryOfRunId: "run-1", spec: { prompt: "Go on." } }],
  ["has the same prompt", { runId: "run-2" }],
  ["is the same run, once more", { identity: { attempt: 2 }, spec: { prompt: "Go on." } }],
])(
  "G11 a finished Job that nobody has collected is told by the run that %s, and its prompt is not run again",
  async (_name, changes) => {
    await using it = await world();
    await endedUnheard(it);
    const host = later(it);
    const result = await host.launch(changes);
    expect(result).toMatchObject({ kind: "attached", orphan: { identity: { runId: "run-1" } } });
    if (result.kind !== "attached") return;
    expect(await result.run.outcome).toMatchObject({ kind: "succeeded", writer: "dead" });
    expect(it.files("run-1")).toMatchObject({ prepared: 1, present: true });
    await result.run.cleanUp({ retainJob: false, patienceMs: 1000 });
    expect(it.files("run-1").present).toBe(false);
    await it.nothingLeft();
  },
);

test.each<[string, RunChanges]>([
  ["another prompt", { spec: { prompt: "Something else." } }],
  ["another task", { identity: { taskId: "task-2" } }],
  ["no wish to re-attach", { reattach: false }],
])("G11 a run with %s starts its own work", async (_name, changes) => {
  await using it = await world();
  await endedUnheard(it);
  const result = await later(it).launch({ runId: "run-2", ...changes });
  expect(result.kind).toBe("launched");
});

test("G11 an end that was told, whose Job alone could not be removed, is not told again", async () => {
  await using it = await world();
  await endedUnheard(it);
  await it.files("run-1").remove();
  expect((await later(it).launch({ runId: "run-2" })).kind).toBe("launched");
});

test("G11 a host that has told an end does the same prompt anew, while its own clean-up still tries", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  const fault = it.sandbox.faults.inject({
    match: { verb: "delete", resource: "jobs" },
    fault: { kind: "status", code: 500 },
    times: 1,
  });
  it.files("run-1").remove = async () => {};
  it.agent("run-1").end(0);
  await run.outcome;
  await settle();
  const cleaned = run.cleanUp({ retainJob: false, patienceMs: 60_000 });
  await until("the failed deletion", () => host.requests().includes("delete jobs"));
  // Finished in the cluster, and followed here: the run waits for the clean-up, and then works.
  const second = host.launch({ runId: "run-2" });
  await until("the second run", () => it.agent("run-2").controls !== null, {
    clock: host.clock,
    stepMs: 200,
  });
  expect((await second).kind).toBe("launched");
  await cleaned;
  fault.remove();
});

test("G11 a Job that ended longer ago than its collection takes is the sweep's", async () => {
  let skewMs = 0;
  const clock = {
    now: () => Date.now() + skewMs,
    setTimeout: (callback: () => void, ms: number) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  };
  await using it = await world({ clock });
  await endedUnheard(it, { spec: { ttlSecondsAfterFinished: 3600 } });
  skewMs = 601_000;
  expect((await it.host("host-2").launch({ runId: "run-2" })).kind).toBe("launched");
});
