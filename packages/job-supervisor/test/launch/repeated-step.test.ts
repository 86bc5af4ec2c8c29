import { buildJob, buildSecret } from "@paperclip-k8s/job-manifest";
import { expect, test } from "vitest";
import { fakeClock, until } from "../support/fake-clock.ts";
import { specOf, world } from "../support/world.ts";

test("G10 a Job that an earlier host left suspended is finished, not made again", async () => {
  await using it = await world();
  const made = await it.api.createJob(buildJob(specOf()));
  const run = await it.host().run();
  expect(run.jobName).toBe(made.metadata?.name);
  it.agent("run-1").end(0);
  expect(await run.outcome).toMatchObject({ kind: "succeeded" });
});

test("G10 a create whose answer was lost is found again", async () => {
  await using it = await world();
  it.sandbox.faults.inject({
    match: { verb: "create", resource: "jobs" },
    fault: { kind: "lose_answer" },
    times: 1,
  });
  const clock = fakeClock();
  const host = it.host("host-1", { clock });
  const launched = host.run();
  await until("the pod", () => it.agent("run-1").controls !== null, { clock, stepMs: 50 });
  it.agent("run-1").end(0);
  expect(await (await launched).outcome).toMatchObject({ kind: "succeeded" });
  expect(host.requests().slice(0, 3)).toEqual(["create jobs", "create jobs", "get jobs"]);
});

test("G10 a Job of that name that goes between the create and the look at it does not stand in the way", async () => {
  await using it = await world();
  const held = await it.api.createJob(buildJob(specOf()));
  const name = held.metadata?.name ?? "";
  // The look at it takes long enough for it to go.
  it.sandbox.faults.inject({
    match: { verb: "get", resource: "jobs" },
    fault: { kind: "latency", ms: 300 },
    times: 1,
  });
  const host = it.host();
  const launched = host.launch();
  await until("the look", () => host.requests().includes("get jobs"));
  await it.api.deleteJob(name, { propagation: "Background", preconditions: {} });
  expect(await launched).toMatchObject({ kind: "launched" });
  expect(host.requests().slice(0, 3)).toEqual(["create jobs", "get jobs", "create jobs"]);
});

test("G10 somebody else's Job of that name is left alone, and said so", async () => {
  await using it = await world();
  const other = buildJob(specOf());
  other.metadata = { ...other.metadata, annotations: { "example.com/run-id": "another" } };
  await it.api.createJob(other);
  const result = await it.host().launch();
  expect(result).toMatchObject({
    kind: "refused",
    outcome: { kind: "create_failed", message: expect.stringContaining("not this run's") },
  });
  expect((await it.left()).jobs).toHaveLength(1);
});

test("G11 a run whose Job an earlier host has resumed goes on in its files, which nobody empties", async () => {
  await using it = await world();
  await it.host("host-1").run();
  await until("the mark", () => it.agent("run-1").controls !== null);

  const next = it.host("host-2");
  const result = await next.launch();
  expect(result).toMatchObject({ kind: "attached", orphan: { identity: { runId: "run-1" } } });
  expect(it.files("run-1")).toMatchObject({ prepared: 1, present: true });
  expect(next.requests()).toEqual(["create jobs", "get jobs", "patch jobs"]);
  it.agent("run-1").end(0);
  if (result.kind === "attached") expect(await result.run.outcome).toMatchObject({ kind: "succeeded" });
});

test("G11 a Secret that a former Job of the run left is replaced by this one's own", async () => {
  await using it = await world();
  const spec = specOf();
  const name = buildJob(spec).metadata?.name ?? "";
  const former = await it.api.createJob(buildJob(spec));
  await it.api.createSecret(buildSecret(spec, { jobName: name, jobUid: former.metadata?.uid ?? "" }));
  const run = await it.host().run();
  expect(run.jobName).toBe(name);
  // The collector takes a Secret whose owner is gone at any moment: this run's must be another one.
  const made = it.sandbox.requests.filter(
    ({ verb, resource, status }) => verb === "create" && resource === "secrets" && status === 201,
  );
  expect(made).toHaveLength(2);
  it.agent("run-1").end(0);
  expect(await run.outcome).toMatchObject({ kind: "succeeded" });
});
