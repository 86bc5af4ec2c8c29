import { buildJob } from "@paperclip-k8s/job-manifest";
import { expect, test } from "vitest";
import type { LaunchRequest } from "../../src/index.ts";
import type { LaunchEffects, LaunchKnowledge } from "../../src/launch/launch.ts";
import { LAUNCH_STEPS } from "../../src/launch/launch-steps.ts";
import { fakeClock, until } from "../support/fake-clock.ts";
import { specOf, world } from "../support/world.ts";

test("G4 G11 a Job of this very run that is being deleted is waited for, not resumed", async () => {
  await using it = await world();
  const held = buildJob(specOf());
  held.metadata = { ...held.metadata, finalizers: ["example.com/hold"] };
  const made = await it.api.createJob(held);
  await it.api.deleteJob(made.metadata?.name ?? "", { propagation: "Background", preconditions: {} });
  const host = it.host();
  const result = await host.launch({ busyWaitMs: 0 });
  expect(result).toMatchObject({ kind: "refused", outcome: { kind: "blocked" } });
  expect(host.requests()).toEqual(["create jobs", "get jobs"]);
  expect(it.files("run-1").prepared).toBe(0);
});

test("G2 G11 the oldest of several does not look for ever for the withdrawal of a host that has died", async () => {
  let skewMs = 0;
  const clock = {
    now: () => Date.now() + skewMs,
    setTimeout: (callback: () => void, ms: number) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  };
  await using it = await world({ clock });
  await it.api.createJob(buildJob(specOf()));
  skewMs = 5_000;
  await it.api.createJob(buildJob(specOf({ runId: "dead" })));
  const host = it.host();
  let result: Awaited<ReturnType<typeof host.launch>> | null = null;
  void host.launch({ busyWaitMs: 0 }).then((one) => {
    result = one;
  });
  await until("the end", () => result !== null, { clock: host.clock, stepMs: 1_000 });
  expect(result).toMatchObject({ kind: "refused", outcome: { kind: "blocked" } });
  expect(host.requests().filter((one) => one === "list jobs").length).toBeGreaterThan(1);
  expect(host.requests().length).toBeLessThan(70);
});

test("G11 a launch that its dead host left is removed only as it was seen: one that has been resumed meanwhile stays", async () => {
  await using it = await world();
  const left = await it.api.createJob(buildJob(specOf({ runId: "dead" })));
  const name = left.metadata?.name ?? "";
  await it.api.patchJob(name, { spec: { suspend: false } });
  const clock = fakeClock();
  const effects = { api: it.api, clock } as unknown as LaunchEffects;
  const knows = { blockers: [left], stayUntil: clock.now() + 60_000 } as unknown as LaunchKnowledge;
  const collecting = LAUNCH_STEPS.collecting?.(effects, {} as LaunchRequest, knows);
  await until("the refusal", () => clock.pending > 0);
  await clock.advance(1_000);
  expect(await collecting).toEqual({ on: "looked_again" });
  expect((await it.left()).jobs).toEqual([name]);
});
