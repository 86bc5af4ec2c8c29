import { expect, it } from "vitest";
import { fakeClock } from "../helpers/fake-clock.ts";
import { isOver, testSandbox } from "../helpers/test-sandbox.ts";

const secrets = "/api/v1/namespaces/t/secrets";

it("a fault begins and ends by the sandbox's clock", async () => {
  const clock = fakeClock();
  const test = await testSandbox({ clock });
  test.sandbox.faults.inject({ fault: { kind: "status", code: 503 }, afterMs: 1000, forMs: 2000 });
  const status = async (ms: number) => {
    clock.advance(ms);
    return (await test.send("GET", secrets)).status;
  };
  expect([await status(0), await status(999), await status(1), await status(1999), await status(1)]).toEqual([
    200, 200, 503, 503, 200,
  ]);
});

it("C3: an outage ends by itself when its time is over", async () => {
  const clock = fakeClock();
  const test = await testSandbox({ clock });
  const { end } = await test.sandbox.faults.outage({ forMs: 600_000 });
  await expect(test.send("GET", secrets)).rejects.toThrow("ECONNREFUSED");
  clock.advance(600_000);
  await end();
  expect((await test.send("GET", secrets)).status).toBe(200);
});

it("an outage that hangs answers nobody, and everybody when it is over", async () => {
  const test = await testSandbox();
  const events: string[] = [];
  const watch = test.watch(`${secrets}?watch=1`, (lines) => lines.at(-1)!.object.metadata.name === "late");
  await expect.poll(() => test.sandbox.requests.length).toBe(1);
  const worker = test.watch("/api/v1/namespaces/t/pods?watch=1", (lines) => isOver(lines.at(-1)!.object));
  const ended = worker.then(() => events.push("worker ended"));
  await expect.poll(() => test.sandbox.requests.length).toBe(2);
  await test.pod("worker", { script: "sleep 0.1" });
  const { end } = await test.sandbox.faults.outage({ how: "hang" });
  const answered = test.send("POST", secrets, { metadata: { name: "late" } }).then(({ status }) => {
    events.push(`answered ${status}`);
  });
  await new Promise((resolve) => setTimeout(resolve, 600));
  events.push("over");
  await end();
  await Promise.all([answered, ended]);
  expect(events[0]).toBe("over");
  expect(events.slice(1).sort()).toEqual(["answered 201", "worker ended"]);
  expect((await watch).map(({ type }) => type)).toEqual(["ADDED"]);
});

it("an expired token is 401 until it is rotated, and open watches live on", async () => {
  const test = await testSandbox();
  const watch = test.watch(`${secrets}?watch=1`, (lines) => lines.length === 1);
  await expect.poll(() => test.sandbox.requests.length).toBe(1);
  const get = async (token: string) =>
    (await fetch(test.sandbox.url + secrets, { headers: { authorization: `Bearer ${token}` } })).status;
  const old = test.sandbox.token;
  expect(await get(old)).toBe(200);
  test.sandbox.faults.expireToken();
  expect(await get(old)).toBe(401);
  const fresh = test.sandbox.rotateToken();
  expect([await get(old), await get(fresh)]).toEqual([401, 200]);
  expect(test.sandbox.kubeconfig).toContain(fresh);
  const body = JSON.stringify({ metadata: { name: "new" } });
  const headers = { authorization: `Bearer ${fresh}`, "content-type": "application/json" };
  await fetch(test.sandbox.url + secrets, { method: "POST", headers, body });
  expect((await watch)[0]!.object.metadata.name).toBe("new");
});

it("a rotated token ends the one before, or overlaps with it for a while", async () => {
  const clock = fakeClock();
  const test = await testSandbox({ clock });
  test.sandbox.rotateToken({ overlapMs: 1000 });
  expect((await test.send("GET", secrets)).status).toBe(200);
  clock.advance(1000);
  expect((await test.send("GET", secrets)).status).toBe(401);
  const before = test.sandbox.token;
  test.sandbox.rotateToken();
  const headers = { authorization: `Bearer ${before}` };
  expect((await fetch(test.sandbox.url + secrets, { headers })).status).toBe(401);
});
