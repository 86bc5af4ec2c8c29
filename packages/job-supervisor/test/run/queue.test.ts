import { expect, test } from "vitest";
import { settle, until } from "../support/fake-clock.ts";
import { world } from "../support/world.ts";

test("a Job that a queue holds for hours is queued, and its start is bounded from its admission only", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run({ spec: { kueueQueue: "agents" } });
  const phases: string[] = [];
  run.onProgress(({ phase }) => phases.push(phase));
  await settle();
  await host.clock.advance(7_200_000);
  await until("the watches", () => run.liveness().state === "alive", { clock: host.clock, stepMs: 500 });
  await host.clock.advance(20_000);
  expect(phases.at(-1)).toBe("queued");
  // Between the admission and the pod nobody knows of a pod, hours after the launch.
  it.sandbox.faults.freezeWatches("pods");
  it.files("run-1").mark = () => {};
  await it.api.patchJob(run.jobName, { spec: { suspend: false } });
  await until("the admission", () => phases.at(-1) === "scheduling", { clock: host.clock, stepMs: 10 });
  await settle();
  expect(host.requests()).not.toContain("delete jobs");
  it.agent("run-1").end(0);
  expect(await run.outcome).toMatchObject({ kind: "succeeded" });
});

test("a run that was resumed by its host is never shown as queued", async () => {
  await using it = await world();
  const phases: string[] = [];
  const run = await it.host().run();
  run.onProgress(({ phase }) => phases.push(phase));
  await until("the container", () => phases.at(-1) === "running");
  expect(phases).not.toContain("queued");
  it.agent("run-1").end(0);
  await run.outcome;
});
