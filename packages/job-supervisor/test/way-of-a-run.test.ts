import { describe, expect, test } from "vitest";
import { LAUNCH_STEPS } from "../src/launch/launch-steps.ts";
import { FOLLOW, LAUNCH, type Row } from "../src/way-of-a-run.ts";

type AnyRow = Row<string, string, string>;

const TABLES: readonly [string, readonly AnyRow[], string, readonly string[]][] = [
  ["a launch", LAUNCH, "creating", ["resumed", "orphan", "busy", "refused"]],
  ["a Job that works", FOLLOW, "watching", ["settled"]],
];

describe.each(TABLES)("the way of %s", (_name, table, first, ends) => {
  test("says one thing only of what happens in a state", () => {
    const keys = table.map((row) => `${row.in} on ${row.on}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("reaches every state, and from every state an end", () => {
    const states = new Set(table.flatMap((row) => [row.in, row.then]));
    const reached = new Set([first]);
    for (const _round of table) for (const row of table) if (reached.has(row.in)) reached.add(row.then);
    expect(reached).toEqual(states);
    const leads = new Set(ends);
    for (const _round of table) for (const row of table) if (leads.has(row.then)) leads.add(row.in);
    expect(leads).toEqual(states);
  });

  test("ends where it ends", () => {
    expect(table.filter((row) => ends.includes(row.in))).toEqual([]);
  });
});

test("every state of a launch but its ends has a step", () => {
  expect(new Set(Object.keys(LAUNCH_STEPS))).toEqual(new Set(LAUNCH.map((row) => row.in)));
});

test("X3 nothing is removed on the way of a run before its outcome is told, but what is being stopped", () => {
  const removing = FOLLOW.filter((row) => row.does.some((effect) => /delete|remove/.test(effect)));
  expect(removing.filter((row) => row.in !== "ended").map((row) => row.then)).toEqual([
    "stopping",
    "stopping",
  ]);
});

test("K1 a launch that made its Job removes it on every way but its start", () => {
  const ends = LAUNCH.filter((row) => ["busy", "refused"].includes(row.then));
  const afterOwn = ends.filter(
    (row) => !["creating", "adopting", "claiming"].includes(row.in) && row.on !== "taken_by_another",
  );
  for (const row of afterOwn) expect(row.does.join(), `${row.in} on ${row.on}`).toContain("withdraw");
});
