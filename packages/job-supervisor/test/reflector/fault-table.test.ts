// Every fault, on both rigs: afterwards the store equals the server, for no more requests than stated.
import { describe, expect, test } from "vitest";
import { until } from "../support/fake-clock.ts";
import { portRig, type Rig, sandboxRig, type Trouble } from "./rig.ts";

interface FaultRow {
  readonly title: string;
  readonly troubles: readonly Trouble[];
  /** How long the fault lasts, in ms; 0: it ends by itself. */
  readonly lastsMs: number;
  /** Within what the store equals the server again, in ms. */
  readonly withinMs: number;
  /** The most requests that the fault may cost, beside the one list and the one watch of the beginning. */
  readonly lists: number;
  readonly watches: number;
}

const row = (
  title: string,
  troubles: readonly Trouble[],
  cost: Omit<FaultRow, "title" | "troubles">,
): FaultRow => ({ title, troubles, ...cost });

const MINUTE = 60_000;

const ROWS: readonly FaultRow[] = [
  row("a watch that ends cleanly, twice", [{ kind: "clean_end" }], {
    lastsMs: 0,
    withinMs: MINUTE,
    lists: 0,
    watches: 4,
  }),
  row("C22 a half-open connection", [{ kind: "half_open" }], {
    lastsMs: 0,
    withinMs: 4 * MINUTE,
    lists: 0,
    watches: 3,
  }),
  row("410 in the stream", [{ kind: "gone_in_stream" }], {
    lastsMs: 0,
    withinMs: MINUTE,
    lists: 1,
    watches: 3,
  }),
  row("410 in the list, twice", [{ kind: "gone_in_list" }], {
    lastsMs: 0,
    withinMs: MINUTE,
    lists: 3,
    watches: 3,
  }),
  row("history that is compacted", [{ kind: "compacted" }], {
    lastsMs: 0,
    withinMs: MINUTE,
    lists: 1,
    watches: 3,
  }),
  row("429 with Retry-After of 20 s", [{ kind: "throttled", retryAfterSec: 20 }], {
    lastsMs: 0,
    withinMs: MINUTE,
    lists: 0,
    watches: 3,
  }),
  row("C4 five minutes of nothing but 500", [{ kind: "server_errors" }], {
    lastsMs: 5 * MINUTE,
    withinMs: MINUTE,
    lists: 0,
    watches: 24,
  }),
  row("a response that is cut inside a JSON line", [{ kind: "cut_in_a_line" }], {
    lastsMs: 0,
    withinMs: MINUTE,
    lists: 0,
    watches: 4,
  }),
  row("events that come twice", [{ kind: "duplicated" }], {
    lastsMs: 0,
    withinMs: MINUTE,
    lists: 0,
    watches: 2,
  }),
  row("events that come in the wrong order", [{ kind: "reordered" }], {
    lastsMs: 0,
    withinMs: 12 * MINUTE,
    lists: 0,
    watches: 4,
  }),
  row("events that are lost without a word", [{ kind: "lost" }], {
    lastsMs: 0,
    withinMs: 71 * MINUTE,
    lists: 1,
    watches: 16,
  }),
  row("C5 a stale list", [{ kind: "stale_list" }, { kind: "compacted" }], {
    lastsMs: 0,
    withinMs: MINUTE,
    lists: 2,
    watches: 3,
  }),
  row(
    "C3 an API server that is gone for ten minutes and back with its history compacted",
    [{ kind: "outage" }],
    { lastsMs: 10 * MINUTE, withinMs: MINUTE, lists: 1, watches: 40 },
  ),
  row("credentials that have expired, and are renewed after two minutes", [{ kind: "expired_credentials" }], {
    lastsMs: 2 * MINUTE,
    withinMs: MINUTE,
    lists: 16,
    watches: 3,
  }),
];

async function change(rig: Rig): Promise<void> {
  await rig.modify("a");
  await rig.remove("b");
  await rig.create("c");
  // Deleted, and made again under its name: another object.
  await rig.remove("a");
  await rig.create("a");
  await rig.modify("c");
}

async function isEqual(rig: Rig): Promise<boolean> {
  return (await rig.server()).join() === rig.store().join();
}

async function play(rig: Rig, fault: FaultRow): Promise<void> {
  const { clock } = rig;
  await rig.create("a");
  await rig.create("b");
  await until("the first view", () => rig.store().length === 2 && rig.reflector.healthy(), {
    clock,
    stepMs: 10,
  });
  const before = rig.requests();
  // What is stale is what was before the changes.
  const isSeenAfterwards = fault.troubles.some(({ kind }) => kind === "stale_list");
  const isDown = fault.troubles.some(
    ({ kind }) => kind === "outage" || kind === "expired_credentials" || kind === "server_errors",
  );
  const ends: (() => Promise<void>)[] = [];
  if (isDown) await change(rig);
  if (isSeenAfterwards) {
    ends.push(await rig.begin(fault.troubles[0]!));
    await change(rig);
    await until("the view before the list", async () => isEqual(rig), { clock, stepMs: 10 });
    ends.push(await rig.begin(fault.troubles[1]!));
  } else for (const trouble of fault.troubles) ends.push(await rig.begin(trouble));
  const began = clock.now();
  await until("the fault's end", () => clock.now() - began >= fault.lastsMs, { clock, stepMs: 1000 });
  for (const end of ends) await end();
  if (!isDown && !isSeenAfterwards) {
    await until(
      "a watch with the fault",
      () => rig.requests().watches > before.watches || rig.requests().lists > before.lists,
      { clock, stepMs: 200 },
    );
    await change(rig);
  }
  const ended = clock.now();
  await until("equality", async () => (await isEqual(rig)) && rig.reflector.healthy(), {
    clock,
    stepMs: fault.withinMs > 10 * MINUTE ? 10_000 : 500,
  });
  expect(clock.now() - ended).toBeLessThanOrEqual(fault.withinMs);
  const { lists, watches } = rig.requests();
  expect(lists - before.lists).toBeLessThanOrEqual(fault.lists);
  expect(watches - before.watches).toBeLessThanOrEqual(fault.watches);
  // And it goes on from there.
  await rig.create("later");
  await until("what comes later", () => isEqual(rig), { clock, stepMs: 100 });
}

describe.each<[string, () => Promise<Rig>]>([
  ["a server at the transport's port", portRig],
  ["the real client against kube-sandbox", sandboxRig],
])("a store equals its server again (%s)", (_name, open) => {
  test.each(ROWS.map((one) => [one.title, one] as const))("after %s", async (_title, fault) => {
    await using rig = await open();
    await play(rig, fault);
  });
});
