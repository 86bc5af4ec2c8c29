import { expect, it } from "vitest";
import { scriptJob } from "../contract/manifests.ts";
import { isOver, isRunning, testSandbox } from "../helpers/test-sandbox.ts";
import { until } from "../helpers/until.ts";

const pods = "/api/v1/namespaces/t/pods";
const jobs = "/apis/batch/v1/namespaces/t/jobs";

it("a script plays its pod, which shows as a real one would", async () => {
  const test = await testSandbox();
  test.sandbox.pods.script({ labels: { app: "played" } }, async (_, controls) => {
    controls.setWaiting("ErrImagePull", "no such image");
    await controls.wait(30);
    controls.setRunning();
    controls.log("hello\n");
    await controls.wait(30);
    controls.terminate({ exitCode: 0 });
  });
  await test.pod("played");
  const waiting = await test.podUntil(
    "played",
    (pod) => pod.status.containerStatuses?.[0].state.waiting?.reason === "ErrImagePull",
  );
  expect(waiting.status.phase).toBe("Pending");
  await test.podUntil("played", isRunning);
  const ended = await test.podUntil("played", isOver);
  expect(ended.status.containerStatuses[0].state.terminated).toMatchObject({
    exitCode: 0,
    reason: "Completed",
  });
  expect(await test.logOf("played")).toBe("hello\n");
});

it("C9, C10: an OOM kill, an eviction and an error of the script are told apart", async () => {
  const test = await testSandbox();
  test.sandbox.pods.script({}, (pod, controls) => {
    controls.setRunning();
    if (pod.metadata.name === "oom") controls.oomKill();
    else if (pod.metadata.name === "evicted") controls.evict("The node was low on resource: memory.");
    else throw new Error("a bug in the script");
  });
  for (const name of ["oom", "evicted", "broken"]) await test.pod(name);
  const state = async (name: string) => {
    const { status } = await test.podUntil(name, isOver);
    return [
      status.phase,
      status.reason,
      status.containerStatuses[0].state.terminated.exitCode,
      status.containerStatuses[0].state.terminated.reason,
    ];
  };
  expect(await state("oom")).toEqual(["Failed", undefined, 137, "OOMKilled"]);
  expect(await state("evicted")).toEqual(["Failed", "Evicted", 137, "Error"]);
  expect(await state("broken")).toEqual(["Failed", undefined, 1, "Error"]);
  const { status } = await test.podUntil("evicted", () => true);
  expect(status.conditions.find((one: { type: string }) => one.type === "DisruptionTarget")).toMatchObject({
    status: "True",
    reason: "TerminationByKubelet",
  });
});

it("X3: a pod on a lost node stays terminating until the node is back", async () => {
  const test = await testSandbox();
  let back: { recover(): void } | undefined;
  test.sandbox.pods.script({ name: "lost" }, (_, controls) => {
    controls.setRunning();
    back = controls.loseNode();
    controls.terminate({ exitCode: 4 });
  });
  await test.pod("lost");
  await test.podUntil("lost", isRunning);
  await test.send("DELETE", `${pods}/lost`);
  const stuck = await test.podUntil("lost", (pod) => pod.metadata.deletionTimestamp !== undefined);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await test.send("GET", `${pods}/lost`)).json.metadata.resourceVersion).toBe(
    stuck.metadata.resourceVersion,
  );
  expect(stuck.status.containerStatuses[0].state.running).toBeDefined();
  const gone = test.podUntil("lost", (_, type) => type === "DELETED");
  back!.recover();
  const { status } = await gone;
  expect([status.phase, status.containerStatuses[0].state.terminated.exitCode]).toEqual(["Failed", 4]);
});

it("a script hears of its pod's deletion, and may end in its own way or ignore it", async () => {
  const test = await testSandbox();
  test.sandbox.pods.script({}, async (pod, controls) => {
    controls.setRunning();
    if (pod.metadata.name === "ignores") return controls.ignoreTermination();
    await controls.wait(60_000);
    controls.terminate({ exitCode: 5 });
  });
  const exitCodeOf = async (name: string): Promise<number> => {
    await test.pod(name);
    await test.podUntil(name, isRunning);
    const gone = test.podUntil(name, (_, type) => type === "DELETED");
    await test.send("DELETE", `${pods}/${name}?gracePeriodSeconds=1`);
    return (await gone).status.containerStatuses[0].state.terminated.exitCode;
  };
  expect(await exitCodeOf("own")).toBe(5);
  expect(await exitCodeOf("ignores")).toBe(137);
});

it("L18: a thousand Jobs with scripted pods come, run and go within seconds", async () => {
  const test = await testSandbox();
  test.sandbox.pods.script({}, async (_, controls) => {
    controls.setRunning();
    await controls.wait(50);
    controls.terminate();
  });
  const started = performance.now();
  const cpu = process.cpuUsage();
  for (let batch = 0; batch < 20; batch += 1) {
    const names = Array.from({ length: 50 }, (_, index) => `many-${batch}-${index}`);
    await Promise.all(names.map((name) => test.send("POST", jobs, scriptJob(test, name))));
  }
  await until(async () => {
    const { json } = await test.send("GET", `${jobs}?fieldSelector=status.successful%3D1`);
    return json.items.length === 1000 || undefined;
  }, 25_000);
  await test.send("DELETE", `${jobs}?propagationPolicy=Background`);
  await until(
    async () => (await test.send("GET", `${pods}?limit=1`)).json.items.length === 0 || undefined,
    25_000,
  );
  const { user, system } = process.cpuUsage(cpu);
  // The client is in this process too; five times as much would mean that something grows with the square.
  expect((user + system) / 1e6).toBeLessThan(25);
  expect(performance.now() - started).toBeLessThan(28_000);
});
