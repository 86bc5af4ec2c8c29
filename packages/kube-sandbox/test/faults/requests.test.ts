import { expect, it } from "vitest";
import { type TestSandbox, testSandbox } from "../helpers/test-sandbox.ts";

const secrets = "/api/v1/namespaces/t/secrets";
const jobs = "/apis/batch/v1/namespaces/t/jobs";

const create = (test: TestSandbox, name: string) => test.send("POST", secrets, { metadata: { name } });
const statusOf = async (answer: Promise<{ status: number }>): Promise<number | string> =>
  answer.then(
    ({ status }) => status,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );

it("C4: a status strikes as often as told, after as many as told, where it matches", async () => {
  const test = await testSandbox();
  test.sandbox.faults.inject({
    match: { verb: "create", resource: "secrets" },
    fault: { kind: "status", code: 429, retryAfterSec: 7 },
    times: 2,
    skip: 1,
  });
  expect((await create(test, "a")).status).toBe(201);
  const struck = await create(test, "b");
  expect([struck.status, struck.json.reason, struck.headers["retry-after"]]).toEqual([
    429,
    "TooManyRequests",
    "7",
  ]);
  expect(struck.json.details.retryAfterSeconds).toBe(7);
  expect((await test.send("GET", secrets)).status).toBe(200);
  expect((await create(test, "b")).status).toBe(429);
  expect((await create(test, "b")).status).toBe(201);
});

it("a removed fault strikes no more", async () => {
  const test = await testSandbox();
  const fault = test.sandbox.faults.inject({
    match: { resource: ["jobs"] },
    fault: { kind: "status", code: 500 },
  });
  expect((await test.send("GET", jobs)).status).toBe(500);
  fault.remove();
  expect((await test.send("GET", jobs)).status).toBe(200);
});

it("a probability is decided by the given randomness", async () => {
  const rolls = [0.1, 0.9, 0.4, 0.6];
  const test = await testSandbox({ random: () => rolls.shift() ?? 1 });
  test.sandbox.faults.inject({ fault: { kind: "status", code: 503 }, probability: 0.5 });
  const seen: number[] = [];
  for (let index = 0; index < 4; index += 1) seen.push((await test.send("GET", secrets)).status);
  expect(seen).toEqual([503, 200, 503, 200]);
});

it("G11: a dropped request does nothing; a lost answer is done all the same", async () => {
  const test = await testSandbox();
  test.sandbox.faults.inject({ match: { verb: "create" }, fault: { kind: "drop" }, times: 1 });
  expect(await statusOf(create(test, "a"))).toBe("ECONNRESET");
  expect((await test.send("GET", `${secrets}/a`)).status).toBe(404);
  test.sandbox.faults.inject({ match: { verb: "create" }, fault: { kind: "lose_answer" }, times: 1 });
  expect(await statusOf(create(test, "a"))).toBe("ECONNRESET");
  expect((await test.send("GET", `${secrets}/a`)).status).toBe(200);
  expect(test.sandbox.requests.filter((one) => one.verb === "create").map((one) => one.status)).toEqual([
    0, 0,
  ]);
});

it("latency delays, and a hanging request is never answered", async () => {
  const test = await testSandbox();
  test.sandbox.faults.inject({ match: { verb: "list" }, fault: { kind: "latency", ms: 150 }, times: 1 });
  const started = performance.now();
  expect((await test.send("GET", secrets)).status).toBe(200);
  expect(performance.now() - started).toBeGreaterThan(140);
  test.sandbox.faults.inject({ match: { verb: "list" }, fault: { kind: "hang" }, times: 1 });
  const hanging = statusOf(test.send("GET", secrets));
  const first = await Promise.race([
    hanging,
    test.send("GET", `${secrets}/none`).then(() => "answered elsewhere"),
  ]);
  expect(first).toBe("answered elsewhere");
  await test.sandbox.close();
  expect(await hanging).toBe("ECONNRESET");
});

it("C5: stale reads show what was there when the fault was injected", async () => {
  const test = await testSandbox();
  await create(test, "old");
  const stale = test.sandbox.faults.inject({
    match: { verb: ["get", "list"], resource: "secrets" },
    fault: { kind: "stale_list" },
  });
  await create(test, "new");
  await test.send("DELETE", `${secrets}/old`);
  const names = async () =>
    (await test.send("GET", secrets)).json.items.map(
      (one: { metadata: { name: string } }) => one.metadata.name,
    );
  expect(await names()).toEqual(["old"]);
  expect((await test.send("GET", `${secrets}/old`)).status).toBe(200);
  expect((await test.send("GET", `${secrets}/new`)).status).toBe(404);
  stale.remove();
  expect(await names()).toEqual(["new"]);
});

it("C3, C22: an outage refuses connections and cuts the open ones, while pods work on", async () => {
  const test = await testSandbox();
  const watching = test.watch(`${secrets}?watch=1`, () => false);
  await create(test, "before");
  await test.pod("worker", { script: "sleep 0.3; exit 0" });
  const outage = await test.sandbox.faults.outage();
  await watching;
  expect(await statusOf(test.send("GET", secrets))).toBe("ECONNREFUSED");
  await outage.end();
  expect((await test.send("GET", `${secrets}/before`)).status).toBe(200);
  const phase = async () => (await test.send("GET", "/api/v1/namespaces/t/pods/worker")).json.status.phase;
  await expect.poll(phase, { timeout: 30_000 }).toBe("Succeeded");
});
