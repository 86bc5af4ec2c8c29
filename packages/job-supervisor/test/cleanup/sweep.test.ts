import type { V1Job } from "@kubernetes/client-node";
import { buildJob } from "@paperclip-k8s/job-manifest";
import { describe, expect, test } from "vitest";
import { sweepJobs, sweepReason } from "../../src/cleanup/sweep.ts";
import { type KubeApi, KubeApiError } from "../../src/index.ts";
import { T0 } from "../support/facts.ts";
import { fakeClock, settle, until } from "../support/fake-clock.ts";
import { specOf, world } from "../support/world.ts";

const MINUTE = 60_000;

function job(options: {
  ageMs: number;
  suspended?: boolean;
  finishedMs?: number;
  queued?: boolean;
  terminating?: boolean;
  orphanMaxAgeSec?: string;
}): V1Job {
  const { ageMs, suspended = false, finishedMs, queued, terminating, orphanMaxAgeSec } = options;
  const conditions =
    finishedMs === undefined
      ? []
      : [{ type: "Complete", status: "True", lastTransitionTime: new Date(T0 - finishedMs) }];
  return {
    metadata: {
      name: "x",
      uid: "u",
      resourceVersion: "7",
      creationTimestamp: new Date(T0 - ageMs),
      deletionTimestamp: terminating ? new Date(T0) : undefined,
      labels: queued ? { "kueue.x-k8s.io/queue-name": "q" } : {},
      annotations: orphanMaxAgeSec === undefined ? {} : { "example.com/orphan-max-age-sec": orphanMaxAgeSec },
    },
    spec: { suspend: suspended } as V1Job["spec"],
    status: { conditions },
  };
}

const reason = (
  shape: Parameters<typeof job>[0],
  changes: { retained?: boolean; isFollowed?: boolean } = {},
) =>
  sweepReason({
    job: job(shape),
    run: { retained: changes.retained ?? false } as never,
    isFollowed: changes.isFollowed ?? false,
    now: T0,
    labelDomain: "example.com",
  });

describe("what a sweep collects", () => {
  test.each<[string, Parameters<typeof reason>, ReturnType<typeof sweepReason>]>([
    ["finished for 10 min", [{ ageMs: 60 * MINUTE, finishedMs: 10 * MINUTE }], "finished"],
    ["finished a moment ago", [{ ageMs: 60 * MINUTE, finishedMs: 10 * MINUTE - 1 }], null],
    ["suspended for 15 min", [{ ageMs: 15 * MINUTE, suspended: true }], "never_resumed"],
    ["suspended for less: its host may be at it", [{ ageMs: 15 * MINUTE - 1, suspended: true }], null],
    ["suspended in a queue", [{ ageMs: 600 * MINUTE, suspended: true, queued: true }], null],
    ["an orphan at its age limit", [{ ageMs: 1440 * MINUTE }], "orphan_too_old"],
    ["an orphan that works", [{ ageMs: 1440 * MINUTE - 1 }], null],
    ["an orphan at an age limit of its own", [{ ageMs: MINUTE, orphanMaxAgeSec: "60" }], "orphan_too_old"],
    ["an orphan that may live for longer", [{ ageMs: 2000 * MINUTE, orphanMaxAgeSec: "604800" }], null],
    ["an orphan whose limit is no number", [{ ageMs: 1439 * MINUTE, orphanMaxAgeSec: "soon" }], null],
    ["an orphan whose limit is none", [{ ageMs: 1440 * MINUTE, orphanMaxAgeSec: "" }], "orphan_too_old"],
    ["an orphan of no time", [{ ageMs: 1439 * MINUTE, orphanMaxAgeSec: "0" }], null],
    ["one that a run follows", [{ ageMs: 2000 * MINUTE }, { isFollowed: true }], null],
    ["a retained one", [{ ageMs: 2000 * MINUTE, finishedMs: 1000 * MINUTE }, { retained: true }], null],
    ["one that is being deleted", [{ ageMs: 2000 * MINUTE, terminating: true }], null],
  ])("%s", (_name, args, expected) => {
    expect(reason(...args)).toBe(expected);
  });

  const old = (uid: string): V1Job => ({
    ...job({ ageMs: 60 * MINUTE, finishedMs: 30 * MINUTE }),
    metadata: { name: uid, uid, resourceVersion: "7", creationTimestamp: new Date(T0) },
  });
  const sweepWith = (deleteJob: KubeApi["deleteJob"], jobs: V1Job[]) =>
    sweepJobs({
      api: { deleteJob } as KubeApi,
      jobs,
      readRun: () => ({ retained: false }) as never,
      isFollowed: () => false,
      now: T0,
      labelDomain: "example.com",
    });

  test("one sweep deletes 50 at most, each as it was seen", async () => {
    const asked: unknown[] = [];
    const many = Array.from({ length: 80 }, (_none, index) => old(`job-${index}`));
    const swept = await sweepWith(async (name, how) => void asked.push([name, how.preconditions]), many);
    expect(swept).toHaveLength(50);
    expect(asked[0]).toEqual(["job-0", { uid: "job-0", resourceVersion: "7" }]);
  });

  test("C3 an API that is away is asked once, not for every Job", async () => {
    let asked = 0;
    const swept = await sweepWith(async () => {
      asked += 1;
      throw new KubeApiError({ code: "unreachable", message: "away" });
    }, [old("a"), old("b")]);
    expect([asked, swept.length]).toEqual([1, 0]);
  });

  test("a Job that has changed meanwhile is left, and the others are not", async () => {
    const swept = await sweepWith(
      async (name) => {
        if (name === "a") throw new KubeApiError({ code: "conflict", message: "changed", status: 409 });
      },
      [old("a"), old("b")],
    );
    expect(swept).toHaveLength(1);
  });
});

describe("a host that begins", () => {
  test("G11 collects a launch that nobody has resumed, of its own instance only", async () => {
    await using it = await world();
    const spec = specOf({ runId: "lost", identity: { agentId: "gone" } });
    await it.api.createJob(buildJob(spec));
    const foreign = specOf({
      runId: "foreign",
      spec: { naming: { ...spec.naming, instanceId: "9876543210" } },
    });
    const theirs = await it.api.createJob(buildJob(foreign));
    const host = it.host("host-1", { clock: fakeClock(Date.now() + 20 * MINUTE) });
    await host.run();
    await until("the sweep", async () => (await it.left()).jobs.length === 2);
    await settle();
    const { jobs } = await it.left();
    expect(jobs).toContain(theirs.metadata?.name);
    expect(jobs).not.toContain(buildJob(spec).metadata?.name);
  });

  test("ends an orphan at its age limit through its grace, and removes its files when it is gone", async () => {
    await using it = await world();
    const first = it.host("host-1");
    await first.run();
    await until("the pod", () => it.agent("run-1").controls !== null);
    first.supervisor.close();
    it.agent("run-1").obeys = true;
    const next = it.host("host-2", { clock: fakeClock(Date.now() + 90_000_000) });
    const swept = await next.supervisor.sweep();
    expect(swept.length).toBeLessThanOrEqual(1);
    await until("the orphan's end", async () => (await it.left()).jobs.length === 0);
    await until("its files' end", () => !it.files("run-1").present);
  });

  test("ends each orphan at the age that its own run was given", async () => {
    await using it = await world();
    const first = it.host("host-1");
    await first.run({ runId: "short", identity: { agentId: "short" }, orphanMaxAgeMs: 60_000 });
    await first.run({ runId: "long", identity: { agentId: "long" }, orphanMaxAgeMs: 604_800_000 });
    await until("both pods", () => ["short", "long"].every((run) => it.agent(run).controls !== null));
    first.supervisor.close();
    const next = it.host("host-2", { clock: fakeClock(Date.now() + 90_000_000) });
    await next.run({ runId: "third", identity: { agentId: "third" }, orphanMaxAgeMs: 60_000 });
    await until("the first orphan's end", async () => (await it.left()).jobs.length === 2);
    await next.supervisor.sweep();
    await settle();
    const left = (await it.api.listJobs("")).map((job) => job.metadata?.labels?.["example.com/run-id"]);
    expect(left).toEqual(expect.arrayContaining(["long", "third"]));
  });

  test("keeps the files of an orphan that it has ended for as long as its pod may still write", async () => {
    await using it = await world();
    const first = it.host("host-1");
    it.agent("run-1").obeys = false;
    await first.run();
    await until("the pod", () => it.agent("run-1").controls !== null);
    first.supervisor.close();
    const next = it.host("host-2", { clock: fakeClock(Date.now() + 90_000_000) });
    await next.supervisor.sweep();
    await settle();
    expect((await it.left()).jobs).toHaveLength(1);
    expect(it.files("run-1").present).toBe(true);
    it.agent("run-1").end(0);
    await until("the orphan's end", async () => (await it.left()).jobs.length === 0);
    await until("its files' end", () => !it.files("run-1").present);
  });

  test("H7 sweeps once its rights are there, also where its first list was refused", async () => {
    await using it = await world();
    const spec = specOf({ runId: "lost", identity: { agentId: "gone" } });
    await it.api.createJob(buildJob(spec));
    it.sandbox.faults.inject({
      match: { verb: "list" },
      fault: { kind: "status", code: 403, reason: "Forbidden" },
      times: 2,
    });
    const host = it.host("host-1", { clock: fakeClock(Date.now() + 20 * MINUTE) });
    expect(await host.launch()).toMatchObject({ kind: "refused" });
    await until("the sweep", async () => (await it.left()).jobs.length === 0, {
      clock: host.clock,
      stepMs: 100,
    });
  });
});
