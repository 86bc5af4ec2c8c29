// Hours of a Job's life on a clock that is moved by hand: nothing here waits.
import { expect, it } from "vitest";
import { startKubeSandbox } from "../../src/index.ts";
import { scriptJob } from "../contract/manifests.ts";
import { fakeClock } from "../helpers/fake-clock.ts";
import { testSandbox } from "../helpers/test-sandbox.ts";

const jobs = "/apis/batch/v1/namespaces/t/jobs";
const settle = () => new Promise((resolve) => setImmediate(resolve));

it("a deadline of an hour counts from the start, and starts again when it is resumed in time", async () => {
  const clock = fakeClock();
  const test = await testSandbox({ clock });
  test.sandbox.pods.script({}, (_, controls) => controls.setRunning());
  const advance = async (ms: number) => {
    clock.advance(ms);
    await settle();
    clock.advance(1000);
  };
  await test.send("POST", jobs, scriptJob(test, "slow", { spec: { activeDeadlineSeconds: 3600 } }));
  const conditions = async () =>
    ((await test.send("GET", `${jobs}/slow`)).json.status.conditions ?? []).map(
      (one: { type: string; status: string }) => `${one.type}=${one.status}`,
    );
  await advance(3_500_000);
  expect(await conditions()).toEqual([]);
  const patch = { "content-type": "application/merge-patch+json" };
  await test.send("PATCH", `${jobs}/slow`, { spec: { suspend: true } }, patch);
  await advance(50_000);
  expect(await conditions()).toEqual(["Suspended=True"]);
  await test.send("PATCH", `${jobs}/slow`, { spec: { suspend: false } }, patch);
  await advance(3_500_000);
  expect(await conditions()).toEqual(["Suspended=False"]);
  await advance(200_000);
  expect(await conditions()).toEqual(["Suspended=False", "FailureTarget=True", "Failed=True"]);
});

it("failed pods are replaced after delays that double", async () => {
  const clock = fakeClock();
  const test = await testSandbox({ clock });
  const made: number[] = [];
  test.sandbox.pods.script({}, (_, controls) => {
    made.push(clock.now());
    controls.setRunning();
    controls.terminate({ exitCode: 1 });
  });
  await test.send("POST", jobs, scriptJob(test, "again", { spec: { backoffLimit: 3 } }));
  for (let step = 0; step < 200; step += 1) {
    clock.advance(500);
    await settle();
  }
  const gaps = made.slice(1).map((at, index) => Math.round((at - made[index]!) / 1000));
  expect(gaps).toEqual([11, 21, 41]);
  expect((await test.send("GET", `${jobs}/again`)).json.status.failed).toBe(4);
});

it("ttl counts from the end", async () => {
  const clock = fakeClock();
  const test = await testSandbox({ clock });
  test.sandbox.pods.script({}, (_, controls) => controls.terminate());
  await test.send("POST", jobs, scriptJob(test, "ttl", { spec: { ttlSecondsAfterFinished: 300 } }));
  for (let step = 0; step < 5; step += 1) {
    clock.advance(100);
    await settle();
  }
  expect((await test.send("GET", `${jobs}/ttl`)).json.status.succeeded).toBe(1);
  clock.advance(298_000);
  expect((await test.send("GET", `${jobs}/ttl`)).status).toBe(200);
  clock.advance(3_000);
  expect((await test.send("GET", `${jobs}/ttl`)).status).toBe(404);
});

it("a busy port is told as listen_failed, and leaves nothing behind", async () => {
  const first = await testSandbox();
  const port = Number(new URL(first.sandbox.url).port);
  await expect(startKubeSandbox({ port })).rejects.toMatchObject({
    name: "KubeSandboxError",
    code: "listen_failed",
  });
});
