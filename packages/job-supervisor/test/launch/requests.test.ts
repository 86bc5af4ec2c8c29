import { expect, test } from "vitest";
import { world } from "../support/world.ts";

test("a run costs five requests from its launch to its clean-up, and leaves nothing", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  expect(host.requests()).toEqual(["create jobs", "create secrets", "list jobs", "patch jobs"]);

  it.agent("run-1").end(0);
  const outcome = await run.outcome;
  expect(outcome).toMatchObject({ kind: "succeeded", writer: "dead", exitCode: 0 });
  await run.cleanUp({ retainJob: false, patienceMs: 1000 });

  expect(host.requests()).toEqual([
    "create jobs",
    "create secrets",
    "list jobs",
    "patch jobs",
    "delete jobs",
  ]);
  expect(it.files("run-1")).toMatchObject({ prepared: 1, present: false });
  await it.nothingLeft();
});
