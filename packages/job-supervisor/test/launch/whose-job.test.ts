import { buildJob } from "@paperclip-k8s/job-manifest";
import { expect, test } from "vitest";
import type { createKubeApi } from "../../src/index.ts";
import { resume } from "../../src/launch/resume.ts";
import { fakeClock, settle, until } from "../support/fake-clock.ts";
import { presences } from "../support/presence.ts";
import { specOf, type World, world } from "../support/world.ts";

/** A Job of run-1 that this host has made, and not resumed. */
async function leftBy(it: World, hostId: string) {
  const job = buildJob(specOf());
  job.metadata = {
    ...job.metadata,
    annotations: { ...job.metadata?.annotations, "example.com/host": hostId },
  };
  return await it.api.createJob(job);
}

test("G12 a launch that another live host has begun is not gone on with; when that host has died it is", async () => {
  await using it = await world();
  const hosts = presences();
  const other = hosts.of();
  other.keep("other", new AbortController().signal);
  const made = await leftBy(it, "other");
  const host = it.host("host-1", { presence: hosts.of() });
  const waited: unknown[] = [];
  const launched = host.launch({ onWaiting: () => waited.push(null) });
  await until("the wait", () => waited.length === 1);
  await host.clock.advance(60_000);
  await settle();
  expect(it.files("run-1").prepared).toBe(0);
  other.kill();
  await until("the pod", () => it.agent("run-1").controls !== null, { clock: host.clock, stepMs: 1000 });
  const result = await launched;
  expect(result).toMatchObject({ kind: "launched", run: { jobName: made.metadata?.name } });
});

test("G10 G12 a Job that was taken by another host, or made anew, is not resumed by the one that lost it", async () => {
  await using it = await world();
  const own = await leftBy(it, "mine");
  const effects = { api: it.api, clock: fakeClock(), random: () => 0.5 };
  const options = { spec: specOf(), own, hostId: "mine" };
  const taken = await it.api.patchJob(own.metadata?.name ?? "", {
    metadata: { annotations: { "example.com/host": "theirs" } },
  });
  expect(await resume(effects, options)).toBeNull();
  expect((await it.api.readJob(taken.metadata?.name ?? "")).spec?.suspend).toBe(true);
  await it.api.deleteJob(own.metadata?.name ?? "", { propagation: "Background", preconditions: {} });
  expect(await resume(effects, options)).toBeNull();
  await leftBy(it, "mine");
  expect(await resume(effects, options)).toBeNull();
  expect(
    (await resume(effects, { ...options, own: await it.api.readJob(own.metadata?.name ?? "") }))?.spec
      ?.suspend,
  ).toBe(false);
});

test("a Job that the API server will not let go is a refusal with its words, not a lost one", async () => {
  await using it = await world();
  const own = await leftBy(it, "mine");
  const api: ReturnType<typeof createKubeApi> = {
    ...it.api,
    patchJobIf: async (name, operations) =>
      it.api.patchJobIf(name, [...operations, { op: "add", path: "/spec/completions", value: 7 }]),
  };
  const effects = { api, clock: fakeClock(), random: () => 0.5 };
  await expect(resume(effects, { spec: specOf(), own, hostId: "mine" })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("immutable"),
  });
});

test("G11 after a resume that nobody answered the Job goes in the foreground: its pod may be at work", async () => {
  await using it = await world();
  it.agent("run-1").obeys = false;
  const host = it.host();
  it.sandbox.faults.inject({ match: { verb: "patch", resource: "jobs" }, fault: { kind: "lose_answer" } });
  let kind: string | null = null;
  void host.launch().then((result) => {
    kind = result.kind;
  });
  await until("the refusal", () => kind !== null, { clock: host.clock, stepMs: 2000 });
  expect(kind).toBe("refused");
  const [job] = await it.api.listJobs("");
  expect(job?.metadata?.deletionTimestamp).toBeDefined();
  it.agent("run-1").end(137);
  await it.nothingLeft();
});
