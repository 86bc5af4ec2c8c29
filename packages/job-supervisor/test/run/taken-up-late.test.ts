import { expect, test } from "vitest";
import { fakeClock, settle, until } from "../support/fake-clock.ts";
import { presences } from "../support/presence.ts";
import { world } from "../support/world.ts";

test("G5 G12 a host that waited before it takes over a Job of hours judges neither pod nor mark before it has seen them", async () => {
  await using it = await world();
  const hosts = presences();
  const dead = hosts.of();
  await it.host("host-1", { presence: dead }).run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  const host = it.host("host-2", {
    presence: hosts.of(),
    clock: fakeClock(Date.now() + 7_200_000),
  });
  const waited: unknown[] = [];
  const launched = host.launch({ runId: "run-2", onWaiting: () => waited.push(null) });
  await until("the wait", () => waited.length === 1);
  // Its watches have been well for longer than a pod needs to become known.
  await host.clock.advance(60_000);
  dead.kill();
  await host.clock.advance(15_000);
  const result = await launched;
  expect(result.kind).toBe("attached");
  if (result.kind !== "attached") return;
  await settle();
  expect(result.run.liveness().state).toBe("alive");
  const deletions = it.sandbox.requests.filter(
    ({ verb, name }) => verb === "delete" && name === result.run.jobName,
  );
  expect(deletions).toEqual([]);
  it.agent("run-1").end(0);
  expect(await result.run.outcome).toMatchObject({ kind: "succeeded" });
});
