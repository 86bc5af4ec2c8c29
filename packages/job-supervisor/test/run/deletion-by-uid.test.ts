import { buildJob } from "@paperclip-k8s/job-manifest";
import { expect, test } from "vitest";
import { until } from "../support/fake-clock.ts";
import { specOf, world } from "../support/world.ts";

test("C2 G10 a Job that was made anew under its name, unheard of, is not this run's to delete", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  it.sandbox.faults.freezeWatches();
  it.agent("run-1").end(0);
  await run.outcome;
  await it.api.deleteJob(run.jobName, { propagation: "Background", preconditions: {} });
  const other = await it.api.createJob(buildJob(specOf()));
  await run.cleanUp({ retainJob: false, patienceMs: 60_000 });
  expect(host.requests()).toContain("delete jobs");
  expect((await it.api.readJob(run.jobName)).metadata?.uid).toBe(other.metadata?.uid);
});
