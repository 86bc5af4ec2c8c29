import { describe, expect, test } from "vitest";
import { createStore, isOlderVersion } from "../../src/reflector/store.ts";
import { until } from "../support/fake-clock.ts";
import { item } from "../support/watch-server.ts";
import { portRig } from "./rig.ts";

function storeWith(...items: ReturnType<typeof item>[]) {
  const store = createStore<ReturnType<typeof item>>();
  store.replace(items);
  const changes: string[] = [];
  store.subscribe(({ kind, object }) =>
    changes.push(`${kind} ${object.metadata.uid}@${object.metadata.resourceVersion}`),
  );
  return { store, changes };
}

describe("events that come late", () => {
  test("an older state of an object changes nothing", () => {
    const { store, changes } = storeWith(item("a", 9));
    store.set(item("a", 10));
    store.set(item("a", 9));
    store.set(item("a", 8));
    expect(changes).toEqual(["set a@10"]);
  });

  test("an object that has gone does not come back by an event that was under way", () => {
    const { store, changes } = storeWith(item("a", 9));
    store.remove(item("a", 11));
    store.set(item("a", 10));
    expect(changes).toEqual(["removed a@11"]);
  });

  test("a list is the truth, also where it is older or names what was told as gone", () => {
    const { store, changes } = storeWith(item("a", 9));
    store.set(item("a", 12));
    store.remove(item("b", 13));
    store.replace([item("a", 10), item("b", 10)]);
    expect(changes).toEqual(["set a@12", "set a@10", "set b@10"]);
  });

  test("versions are compared as numbers, and what is none is never older", () => {
    expect(isOlderVersion("9", "10")).toBe(true);
    expect(isOlderVersion("10", "9")).toBe(false);
    expect(isOlderVersion("abc", "10")).toBe(false);
    expect(isOlderVersion("", "10")).toBe(false);
  });
});

test("C5 a stale list takes nothing away that is there: it is asked for again", async () => {
  await using rig = await portRig();
  const { clock } = rig;
  await rig.create("a");
  await until("the first view", () => rig.store().length === 1 && rig.reflector.healthy(), {
    clock,
    stepMs: 10,
  });
  await rig.begin({ kind: "stale_list" });
  await rig.create("b");
  await until("the second object", () => rig.store().length === 2, { clock, stepMs: 10 });
  const removed: unknown[] = [];
  rig.reflector.store.subscribe(({ kind }) => kind === "removed" && removed.push(kind));
  const { lists } = rig.requests();
  await rig.begin({ kind: "compacted" });
  await until("the next lists", () => rig.requests().lists === lists + 2 && rig.reflector.healthy(), {
    clock,
    stepMs: 100,
  });
  expect(removed).toEqual([]);
  expect(rig.store()).toHaveLength(2);
});
