// How runs end, through the whole supervisor on the sandbox: the pod plays, the outcome is what the user gets.
import { expect, test } from "vitest";
import type { Outcome, RunProgress } from "../../src/index.ts";
import { bounds, record } from "../support/facts.ts";
import { settle, until } from "../support/fake-clock.ts";
import { type Agent, type Host, type RunChanges, type World, world } from "../support/world.ts";

type Pod = Parameters<NonNullable<Agent["plays"]>>;

/** The outcome of a run whose pod does this; time moves on until it is there. */
async function endOf(it: World, plays: Agent["plays"], changes: RunChanges = {}): Promise<Outcome> {
  it.agent("run-1").plays = plays;
  return await told(it.host(), changes);
}

async function told(host: Host, changes: RunChanges = {}, stepMs = 500): Promise<Outcome> {
  const run = await host.run(changes);
  let outcome: Outcome | null = null;
  void run.outcome.then((one) => {
    outcome = one;
  });
  // What the kubelet has to say comes through sockets, which know of no fake time.
  await settle(200);
  await until("the outcome", () => outcome !== null, { clock: host.clock, stepMs });
  await run.cleanUp({ retainJob: false, patienceMs: 0 });
  return await run.outcome;
}

const works = (...[controls, files]: Pod) => {
  controls.setRunning();
  files.mark();
};

test("C1 the record ends a run whose Job's condition is never heard of", async () => {
  await using it = await world();
  const host = it.host();
  const run = await host.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  it.sandbox.faults.freezeWatches();
  const before = host.clock.now();
  it.agent("run-1").end(0);
  expect(await run.outcome).toMatchObject({ kind: "succeeded", writer: "dead" });
  expect(host.clock.now() - before).toBe(0);
});

test("C4 C5 neither 500s nor a stale list that shows no Job end a run", async () => {
  await using it = await world();
  const host = it.host();
  await host.run({ runId: "other", identity: { agentId: "other" } });
  it.sandbox.faults.inject({
    match: { verb: "list", resource: "jobs", where: ({ query }) => query.get("limit") !== null },
    fault: { kind: "stale_list" },
    skip: 1,
    times: 1,
  });
  const run = await host.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  it.sandbox.faults.inject({ match: { verb: "watch" }, fault: { kind: "status", code: 500 }, times: 5 });
  it.sandbox.faults.expireHistory();
  it.sandbox.faults.dropWatches();
  await until("health", () => run.liveness().state === "unknown");
  await until("health again", () => run.liveness().state === "alive", { clock: host.clock, stepMs: 500 });
  await host.clock.advance(120_000);
  await settle();
  expect(host.requests()).not.toContain("delete jobs");
  it.agent("run-1").end(0);
  expect(await run.outcome).toMatchObject({ kind: "succeeded" });
});

test("C6 C7 no timeout is none after hours, and one that is not reached changes nothing", async () => {
  await using it = await world();
  const host = it.host();
  const free = await host.run();
  const bounded = await host.run({
    runId: "run-2",
    identity: { agentId: "b" },
    bounds: { ...bounds, timeoutMs: 86_400_000 },
  });
  await until("the pods", () => it.agent("run-1").controls !== null && it.agent("run-2").controls !== null);
  await host.clock.advance(10_000_000);
  await settle();
  it.agent("run-1").end(0);
  it.agent("run-2").end(0);
  expect(await free.outcome).toMatchObject({ kind: "succeeded" });
  expect(await bounded.outcome).toMatchObject({ kind: "succeeded" });
});

test("C9 a container that is killed for its memory is told as such, with no record and with one", async () => {
  await using it = await world();
  const outcome = await endOf(it, (...pod) => {
    works(...pod);
    pod[0].oomKill();
  });
  expect(outcome).toMatchObject({ kind: "oom_killed", probable: false, exitCode: 137 });
});

test.each([
  ["evicted", (...[controls]: Pod) => controls.evict("The node was low on resource: memory.")],
  ["disrupted", (...[controls]: Pod) => disrupt(controls, "EvictionByEvictionAPI")],
  ["disrupted", (...[controls]: Pod) => disrupt(controls, "PreemptionByScheduler")],
  ["node_lost", (...[controls]: Pod) => disrupt(controls, "DeletionByPodGC")],
] as const)("C10 137 is told apart: %s", async (kind, ends) => {
  await using it = await world();
  const outcome = await endOf(it, (...pod) => {
    works(...pod);
    ends(...pod);
  });
  expect(outcome).toMatchObject({ kind, writer: "dead" });
});

function disrupt(controls: Pod[0], reason: string): void {
  controls.addCondition({ type: "DisruptionTarget", status: "True", reason, message: "said Kubernetes" });
  controls.terminate({ exitCode: 137 });
}

test("C10 X3 a node that is lost for good is told as lost, and its writer is not confirmed", async () => {
  await using it = await world();
  const outcome = await endOf(it, (...pod) => {
    works(...pod);
    pod[0].addCondition({ type: "DisruptionTarget", status: "True", reason: "DeletionByTaintManager" });
  });
  expect(outcome).toMatchObject({ kind: "node_lost", writer: "not_confirmed" });
});

test("C11 an image without the agent CLI is told by the script's own word", async () => {
  await using it = await world();
  const outcome = await endOf(it, (...pod) => {
    works(...pod);
    pod[1].write(record({ podUid: pod[2], failure: "cli_missing", status: 127 }));
    pod[0].terminate({ exitCode: 127 });
  });
  expect(outcome).toMatchObject({ kind: "start_failed", failure: "cli_missing" });
});

test("C23 a script that its shell cannot run is told with its last words", async () => {
  await using it = await world();
  const outcome = await endOf(it, (controls) => {
    controls.setRunning();
    controls.terminate({ exitCode: 2, message: "output_unwritable: 12: set: Illegal option -o pipefail" });
  });
  expect(outcome).toMatchObject({ kind: "start_failed", message: expect.stringContaining("Illegal option") });
});

test.each([
  ["manifest unknown: manifest unknown", "not_found"],
  ["failed with status code [manifests 1]: 401 Unauthorized", "auth"],
  ["failed with status code [manifests 1]: 429 Too Many Requests", "rate_limit"],
] as const)(
  "C12 an image of which the registry says %j is told as %s, and nothing is left",
  async (message, cause) => {
    await using it = await world();
    it.agent("run-1").plays = async (controls) => {
      controls.setWaiting("ErrImagePull", message);
      await new Promise<void>((resolve) => controls.signal.addEventListener("abort", () => resolve()));
    };
    const host = it.host();
    const run = await host.run();
    const details: unknown[] = [];
    run.onProgress(({ detail }) => details.push(detail));
    await until("the kubelet's word", () => details.at(-1) === message);
    let ended = false;
    void run.outcome.then(() => {
      ended = true;
    });
    await until("the outcome", () => ended, { clock: host.clock, stepMs: 2000 });
    expect(await run.outcome).toMatchObject({ kind: "image_pull_failed", cause });
    await run.cleanUp({ retainJob: false, patienceMs: 0 });
    await it.nothingLeft();
  },
);

test("C13 a pod that no node takes is told with the scheduler's reason; one that is taken later works", async () => {
  await using it = await world();
  it.sandbox.nodes.cordon("sandbox");
  const outcome = await told(it.host(), {}, 10_000);
  expect(outcome).toMatchObject({
    kind: "unschedulable",
    message: expect.stringContaining("nodes are available"),
  });

  const host = it.host("host-2");
  const run = await host.run({ runId: "run-2" });
  const progress: RunProgress[] = [];
  run.onProgress((now) => progress.push(now));
  await until("the scheduler's word", () => /nodes are available/.test(progress.at(-1)?.detail ?? ""));
  await host.clock.advance(200_000);
  expect(progress.at(-1)).toMatchObject({ phase: "scheduling" });
  it.sandbox.nodes.uncordon("sandbox");
  await until("the pod", () => it.agent("run-2").controls !== null);
  it.agent("run-2").end(0);
  expect(await run.outcome).toMatchObject({ kind: "succeeded" });
});

test("C14 a claim that does not exist is told by name", async () => {
  await using it = await world();
  const volume = { claimName: "no-such-claim", mountPath: "/paperclip" };
  const outcome = await told(it.host(), { spec: { volume } });
  expect(outcome).toMatchObject({
    kind: "volume_mount_failed",
    message: expect.stringContaining("no-such-claim"),
  });
});

test.each([
  ["exceeded quota: compute, requested: count/jobs.batch=1", "quota_exceeded"],
  ['admission webhook "policy.example" denied the request: no', "admission_denied"],
  ['violates PodSecurity "restricted:latest": privileged', "admission_denied"],
])("C17 a Job that is refused with %j is told as %s, and leaves nothing", async (message, kind) => {
  await using it = await world();
  it.sandbox.faults.inject({
    match: { verb: "create", resource: "jobs" },
    fault: { kind: "status", code: 403, reason: "Forbidden", message },
  });
  expect(await it.host().launch()).toMatchObject({
    kind: "refused",
    outcome: { kind, message: expect.stringContaining(message) },
  });
  await it.nothingLeft();
});

test("C16 C21 the record ends a run although the container, held by a child or a sidecar, goes on for a minute", async () => {
  await using it = await world();
  it.agent("run-1").plays = (...pod) => {
    works(...pod);
    pod[1].write(record({ podUid: pod[2] }));
  };
  const host = it.host();
  const run = await host.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  expect(await run.outcome).toMatchObject({ kind: "succeeded", writer: "dead", exitCode: 0 });
});

test("C19 the exit code is the agent's, whatever the container ends with", async () => {
  await using it = await world();
  const outcome = await endOf(it, (...pod) => {
    works(...pod);
    pod[1].write(record({ podUid: pod[2], status: 4 }));
    pod[0].terminate({ exitCode: 1 });
  });
  expect(outcome).toMatchObject({ kind: "failed", exitCode: 4 });
});

test("C22 connections that are refused for 3 s end nothing, and a cancel made meanwhile arrives", async () => {
  await using it = await world();
  const host = it.host();
  const first = await host.run();
  const second = await host.run({ runId: "run-2", identity: { agentId: "b" } });
  await until("the pods", () => it.agent("run-1").controls !== null && it.agent("run-2").controls !== null);
  const outage = await it.sandbox.faults.outage();
  await until("the watches' end", () => first.liveness().state === "unknown");
  const cancelled = second.cancel("over");
  await host.clock.advance(3000);
  await outage.end();
  let isCancelled = false;
  void cancelled.then(() => {
    isCancelled = true;
  });
  await until("the cancel", () => isCancelled, { clock: host.clock, stepMs: 200 });
  expect(await cancelled).toMatchObject({ kind: "cancelled", writer: "dead" });
  it.agent("run-1").end(0);
  expect(await first.outcome).toMatchObject({ kind: "succeeded" });
});

test.each(["cancel", "timeout"] as const)(
  "X8 a %s is told with all that the agent wrote in its grace",
  async (how) => {
    await using it = await world();
    it.agent("run-1").plays = async (controls, files, podUid) => {
      works(controls, files, podUid);
      controls.ignoreTermination();
      await new Promise<void>((resolve) => controls.signal.addEventListener("abort", () => resolve()));
      // It saves its session, and says so.
      await controls.wait(30);
      files.write(record({ podUid, status: 143, signal: "SIGTERM", stdoutBytes: 4711 }));
      controls.terminate({ exitCode: 143 });
    };
    const host = it.host();
    const run = await host.run(how === "timeout" ? { bounds: { ...bounds, timeoutMs: 60_000 } } : {});
    const phases: string[] = [];
    run.onProgress(({ phase }) => phases.push(phase));
    await until("the container", () => phases.at(-1) === "running");
    if (how === "cancel") void run.cancel("over");
    else await host.clock.advance(61_000);
    expect(await run.outcome).toMatchObject({
      kind: how === "cancel" ? "cancelled" : "timed_out",
      writer: "dead",
      exitRecord: { stdoutBytes: 4711 },
    });
  },
);
