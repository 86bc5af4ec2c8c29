// What keeps a run from starting, or lets it start late, through the whole supervisor on the sandbox.
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import type { RunProgress, SupervisedRun } from "../../src/index.ts";
import { record } from "../support/facts.ts";
import { until } from "../support/fake-clock.ts";
import { type Host, NAMESPACE, world } from "../support/world.ts";

/** What the supervisor shows of a run, newest last. */
function watched(run: SupervisedRun): readonly RunProgress[] {
  const progress: RunProgress[] = [];
  run.onProgress((now) => progress.push(now));
  return progress;
}

async function outcomeOf(host: Host, run: SupervisedRun, stepMs: number) {
  let ended = false;
  void run.outcome.then(() => {
    ended = true;
  });
  await until("the outcome", () => ended, { clock: host.clock, stepMs });
  return run.outcome;
}

const forEver = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));

test("C12 an image that takes four minutes to be pulled is waited for", async () => {
  await using it = await world();
  let pulled = (): void => {};
  it.agent("run-1").plays = async (controls, files, podUid) => {
    controls.event("Pulling", "Pulling image registry.example/agent:1");
    await new Promise<void>((resolve) => {
      pulled = resolve;
    });
    controls.setRunning();
    files.mark();
    files.write(record({ podUid }));
    controls.terminate({ exitCode: 0 });
  };
  const host = it.host();
  const run = await host.run();
  const progress = watched(run);
  await until("the pull", () => progress.at(-1)?.phase === "pulling", { clock: host.clock, stepMs: 500 });
  await host.clock.advance(240_000);
  expect(progress.at(-1)).toMatchObject({ phase: "pulling" });
  pulled();
  expect(await outcomeOf(host, run, 500)).toMatchObject({ kind: "succeeded" });
});

test("C14 a claim that is not bound is told with the scheduler's words, when scheduling has had its time", async () => {
  await using it = await world();
  const config = new KubeConfig();
  config.loadFromString(it.sandbox.kubeconfig);
  await config.makeApiClient(CoreV1Api).createNamespacedPersistentVolumeClaim({
    namespace: NAMESPACE,
    body: {
      metadata: { name: "unbound" },
      spec: {
        accessModes: ["ReadWriteMany"],
        // No class: nobody makes a volume for it.
        storageClassName: "",
        resources: { requests: { storage: "1Gi" } },
      },
    },
  });
  const host = it.host();
  const run = await host.run({ spec: { volume: { claimName: "unbound", mountPath: "/paperclip" } } });
  expect(await outcomeOf(host, run, 10_000)).toMatchObject({
    kind: "volume_mount_failed",
    message: expect.stringContaining("unbound immediate PersistentVolumeClaims"),
  });
  await run.cleanUp({ retainJob: false, patienceMs: 0 });
  await it.nothingLeft();
});

test("C14 a volume that cannot be mounted is told with the kubelet's words", async () => {
  await using it = await world();
  const message = 'MountVolume.SetUp failed for volume "shared" : mount failed: exit status 32';
  it.agent("run-1").plays = async (controls) => {
    controls.event("FailedMount", message, "Warning");
    await forEver(controls.signal);
  };
  const host = it.host();
  const run = await host.run();
  const outcome = await outcomeOf(host, run, 5000);
  expect(outcome).toMatchObject({
    kind: "volume_mount_failed",
    message: expect.stringContaining("exit status 32"),
  });
  await run.cleanUp({ retainJob: false, patienceMs: 0 });
  await it.nothingLeft();
});

test("C15 an init container that fails is told by its name, and the agent never started", async () => {
  await using it = await world();
  it.agent("run-1").plays = (controls) => {
    controls.terminate({ container: "prepare", exitCode: 7 });
  };
  const host = it.host();
  const initContainers = [{ name: "prepare", image: "registry.example/prepare:1" }];
  const run = await host.run({ spec: { podTemplate: { spec: { initContainers } } } });
  expect(await outcomeOf(host, run, 500)).toMatchObject({
    kind: "init_failed",
    container: "prepare",
    writer: "never_started",
  });
  await run.cleanUp({ retainJob: false, patienceMs: 0 });
  await it.nothingLeft();
});

test("C16 a sidecar that outlives the agent keeps neither the outcome nor the clean-up waiting", async () => {
  await using it = await world();
  it.agent("run-1").plays = async (controls, files, podUid) => {
    controls.setRunning();
    files.mark();
    files.write(record({ podUid }));
    controls.terminate({ container: "agent", exitCode: 0 });
    await forEver(controls.signal);
  };
  const host = it.host();
  const sidecar = { name: "proxy", image: "registry.example/proxy:1" };
  const run = await host.run({ spec: { podTemplate: { spec: { containers: [sidecar] } } } });
  expect(await outcomeOf(host, run, 500)).toMatchObject({ kind: "succeeded", writer: "dead", exitCode: 0 });
  await run.cleanUp({ retainJob: false, patienceMs: 0 });
  await it.nothingLeft();
});
