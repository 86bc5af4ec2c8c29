import type { FaultInjection } from "@paperclip-k8s/kube-sandbox";
import { expect, test } from "vitest";
import { inTime } from "../support/fake-clock.ts";
import { world } from "../support/world.ts";

/** What an API server says to everybody until it has read its roles, a moment after its start. */
const knowsNoRoles = (verb: string, resource: string, times: number): FaultInjection => ({
  match: { verb, resource },
  fault: {
    kind: "status",
    code: 403,
    message: `${resource} is forbidden: User "host" cannot ${verb} resource "${resource}" in API group ""`,
  },
  times,
});

test.each([
  ["create", "jobs"],
  ["create", "secrets"],
  ["list", "jobs"],
  ["patch", "jobs"],
])(
  "C22 a server that has just started refuses to %s %s once: the run starts all the same",
  async (verb, resource) => {
    await using it = await world();
    const host = it.host();
    await host.run({ runId: "warm-up", identity: { agentId: "other" } });
    it.sandbox.faults.inject(knowsNoRoles(verb, resource, 1));
    const launched = await inTime(host.launch(), { what: "the launch", clock: host.clock, stepMs: 200 });
    expect(launched.kind).toBe("launched");
  },
);

test("C22 what a server that has just started refuses to delete is deleted later, nothing is left for the sweep", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  it.agent("run-1").end(0);
  // Longer than any launch waits.
  it.sandbox.faults.inject(knowsNoRoles("delete", "jobs", 6));
  const cleaned = run.cleanUp({ retainJob: false, patienceMs: 600_000 });
  await inTime(cleaned, { what: "the clean-up", clock: host.clock, stepMs: 500 });
  await it.nothingLeft();
});

test("C17 a quota and a rule of admission, which are forbidden too, are told at once", async () => {
  await using it = await world();
  const host = it.host();
  await host.run({ runId: "warm-up", identity: { agentId: "other" } });
  const message = "exceeded quota: jobs, requested: count/jobs.batch=1, used: count/jobs.batch=9, limited: 9";
  const match = { verb: "create", resource: "jobs" };
  it.sandbox.faults.inject({ match, fault: { kind: "status", code: 403, message } });
  const before = host.requests().length;
  expect(await host.launch()).toMatchObject({ kind: "refused", outcome: { kind: "quota_exceeded" } });
  expect(host.requests().slice(before)).toEqual(["create jobs"]);
});
