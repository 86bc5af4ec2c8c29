// What can be made to go wrong with pods that are real processes, and with their nodes.
import { expect, it } from "vitest";
import { scriptJob, untilUp } from "../contract/manifests.ts";
import { isOver, isRunning, type TestSandbox, testSandbox } from "../helpers/test-sandbox.ts";

const pods = "/api/v1/namespaces/t/pods";
const forever = "trap 'exit 7' TERM; echo up; while :; do sleep 0.05; done";

async function runningPod() {
  const test = await testSandbox();
  await test.pod("p", { script: forever });
  await untilUp(test, "p");
  return test;
}

const terminated = (pod: { status: { containerStatuses: { state: { terminated: object } }[] } }) =>
  pod.status.containerStatuses[0]!.state.terminated;
const placed = (pod: { status: { conditions?: { type: string; status: string; message?: string }[] } }) =>
  pod.status.conditions?.find((one) => one.type === "PodScheduled");
const reasonsOf = async ({ send }: TestSandbox): Promise<string[]> =>
  (await send("GET", "/api/v1/namespaces/t/events")).json.items.map((one: { reason: string }) => one.reason);

it("C9: a process pod is OOM-killed", async () => {
  const test = await runningPod();
  test.sandbox.pods.oomKill({ name: "p" });
  const pod = await test.podUntil("p", isOver);
  expect(terminated(pod)).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
  expect([pod.status.phase, pod.status.reason]).toEqual(["Failed", undefined]);
});

it("C10: a process pod is evicted: stopped, then told with its end in one word", async () => {
  const test = await runningPod();
  const states: string[] = [];
  const over = test.podUntil("p", (pod) => {
    states.push(`${pod.status.phase} ${Object.keys(pod.status.containerStatuses[0].state)[0]}`);
    return isOver(pod);
  });
  test.sandbox.pods.evict({ name: "p" });
  const pod = await over;
  expect(terminated(pod)).toMatchObject({ exitCode: 7, reason: "Error" });
  expect([pod.status.reason, states.at(-2), states.at(-1)]).toEqual([
    "Evicted",
    "Running running",
    "Failed terminated",
  ]);
  const disrupted = pod.status.conditions.find((one: { type: string }) => one.type === "DisruptionTarget");
  expect(disrupted).toMatchObject({ status: "True", reason: "TerminationByKubelet" });
  expect(await reasonsOf(test)).toContain("Evicted");
});

it("L16: an eviction for a volume's size is no disruption", async () => {
  const test = await runningPod();
  test.sandbox.pods.evict({ name: "p" }, 'Usage of EmptyDir volume "x" exceeds the limit "1Mi". ');
  const { status } = await test.podUntil("p", isOver);
  expect(status.conditions.map((one: { type: string }) => one.type)).not.toContain("DisruptionTarget");
});

it("X3: a lost node leaves its pod in Terminating, and its end is seen when the node is back", async () => {
  const test = await runningPod();
  const lost = test.sandbox.nodes.lose("sandbox", { evictAfterMs: 30 });
  const stuck = await test.podUntil("p", (pod) => pod.metadata.deletionTimestamp !== undefined);
  expect(stuck.status.phase).toBe("Running");
  expect(stuck.status.containerStatuses[0].state.running).toBeDefined();
  const about = (type: string) => stuck.status.conditions.find((one: { type: string }) => one.type === type);
  expect(about("Ready").status).toBe("False");
  expect(about("DisruptionTarget")).toMatchObject({ reason: "DeletionByTaintManager" });
  const ready = async () =>
    (await test.send("GET", "/api/v1/nodes/sandbox")).json.status.conditions[0].status as string;
  expect(await ready()).toBe("Unknown");
  await test.pod("waits");
  expect(placed(await test.podUntil("waits", (pod) => placed(pod)?.status === "False"))!.message).toContain(
    "1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }",
  );
  const gone = test.podUntil("p", (_, type) => type === "DELETED");
  lost.recover();
  expect(terminated(await gone)).toMatchObject({ exitCode: 7 });
  expect(await ready()).toBe("True");
  await test.podUntil("waits", isOver);
});

it("a pod that ends on a lost node is seen to have ended when the node is back", async () => {
  const test = await runningPod();
  const lost = test.sandbox.nodes.lose("sandbox");
  test.sandbox.pods.oomKill({ name: "p" });
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect((await test.send("GET", `${pods}/p`)).json.status.phase).toBe("Running");
  lost.recover();
  expect(terminated(await test.podUntil("p", isOver))).toMatchObject({ reason: "OOMKilled" });
});

it("a Job on a lost node is neither complete nor failed until the node is back", async () => {
  const test = await testSandbox();
  const jobs = "/apis/batch/v1/namespaces/t/jobs";
  await test.send("POST", jobs, scriptJob(test, "held", { script: forever }));
  await test.watch(`${pods}?watch=1`, (lines) => isRunning(lines.at(-1)!.object));
  const lost = test.sandbox.nodes.lose("sandbox", { evictAfterMs: 20 });
  const job = async () => (await test.send("GET", `${jobs}/held`)).json.status;
  await expect.poll(async () => (await job()).terminating).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await job()).conditions).toBeUndefined();
  lost.recover();
  await expect.poll(async () => (await job()).failed).toBe(1);
});

it("a pod stays in Terminating, at work, until it is released", async () => {
  const test = await runningPod();
  const kept = test.sandbox.pods.keepTerminating({ name: "p" });
  await test.send("DELETE", `${pods}/p?gracePeriodSeconds=1`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const stuck = (await test.send("GET", `${pods}/p`)).json;
  expect([stuck.status.phase, stuck.metadata.deletionGracePeriodSeconds]).toEqual(["Running", 1]);
  const gone = test.podUntil("p", (_, type) => type === "DELETED");
  kept.release();
  expect(terminated(await gone)).toMatchObject({ exitCode: 7 });
});

it("C13: a cordoned node takes no pod, and one that is added does", async () => {
  const test = await testSandbox();
  test.sandbox.nodes.cordon("sandbox");
  await test.pod("p");
  const message = placed(await test.podUntil("p", (pod) => placed(pod)?.status === "False"))!.message;
  expect(message).toMatch(/^0\/1 nodes are available: 1 node\(s\) were unschedulable\. /);
  test.sandbox.nodes.add({ name: "second" });
  expect((await test.podUntil("p", isOver)).spec.nodeName).toBe("second");
});

it("C12: an image fails to be pulled in each way, until it is there", async () => {
  const test = await testSandbox({ delays: { retryMs: 20 } });
  const message = async (fails: "missing" | "unauthorized" | "rateLimited") => {
    test.sandbox.images.set(fails, { fails });
    await test.pod(fails.toLowerCase(), { container: { image: fails } });
    const waiting = (pod: {
      status: { containerStatuses?: { state: { waiting?: { reason: string } } }[] };
    }) => pod.status.containerStatuses?.[0]?.state.waiting;
    const pod = await test.podUntil(fails.toLowerCase(), (seen) => waiting(seen)?.reason === "ErrImagePull");
    return pod.status.containerStatuses[0].state.waiting.message as string;
  };
  expect(await message("missing")).toMatch(/: not found$/);
  expect(await message("unauthorized")).toContain("may require authorization");
  expect(await message("rateLimited")).toContain("429 Too Many Requests");
  test.sandbox.images.set("missing", { takesMs: 30 });
  await test.podUntil("missing", isOver);
  expect(await reasonsOf(test)).toEqual(expect.arrayContaining(["Pulling", "Pulled"]));
});

it("what matches no pod and no node is said so", async () => {
  const test = await testSandbox();
  expect(() => test.sandbox.pods.oomKill({ name: "none" })).toThrow(
    /no pod that runs here matches; these run: none/,
  );
  expect(() => test.sandbox.nodes.lose("none")).toThrow('there is no node "none"; there are sandbox');
  expect(() => test.sandbox.nodes.add({ name: "sandbox" })).toThrow("already");
});
