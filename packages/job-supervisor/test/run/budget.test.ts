import { expect, test } from "vitest";
import { fakeClock, settle, until } from "../support/fake-clock.ts";
import { world } from "../support/world.ts";

const RUNS = 200;

test(`L18 ${RUNS} runs at once cost five requests each, and none while nothing changes`, async () => {
  await using it = await world();
  const clock = fakeClock();
  const host = it.host("host-1", { clock });
  const ids = Array.from({ length: RUNS }, (_none, index) => `run-${index}`);
  const runs = await Promise.all(
    ids.map((runId) => host.run({ runId, identity: { agentId: `agent-${runId}` } })),
  );
  await until("all pods", () => ids.every((runId) => it.agent(runId).controls !== null));
  await settle(300);
  expect(host.requests()).toHaveLength(4 * RUNS);

  const quiet = it.sandbox.requests.length;
  await clock.advance(140_000);
  await settle();
  expect(it.sandbox.requests.slice(quiet)).toEqual([]);

  for (const runId of ids) it.agent(runId).end(0);
  const outcomes = await Promise.all(runs.map((run) => run.outcome));
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["succeeded"]));
  await Promise.all(runs.map((run) => run.cleanUp({ retainJob: false, patienceMs: 60_000 })));
  expect(host.requests()).toHaveLength(5 * RUNS);
  await it.nothingLeft();
}, 60_000);
