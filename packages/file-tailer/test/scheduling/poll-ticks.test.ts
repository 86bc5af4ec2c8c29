import { expect, test } from "vitest";
import { createScheduler, tailFile } from "../../src/index.ts";
import { onPollTick } from "../../src/scheduling/poll-ticks.ts";
import { fakeClock, settle } from "../support/fake-clock.ts";
import { FakeFileSystem } from "../support/fake-file-system.ts";

test("polls that fall due at about the same time share one timer", async () => {
  const clock = fakeClock();
  const called: number[] = [];
  for (const at of [0, 60, 120]) {
    await clock.advance(at - clock.now());
    onPollTick(clock, 1000, 250, () => called.push(clock.now()));
  }
  expect(clock.pending).toBe(1);
  await clock.advance(1000);
  expect(called).toEqual([1000, 1000, 1000]);
});

test("a poll comes early by less than the grid, and late by no more than a timer is", async () => {
  for (let start = 0; start < 500; start += 7) {
    const clock = fakeClock();
    await clock.advance(start);
    let waited = 0;
    onPollTick(clock, 1000, 250, () => {
      waited = clock.now() - start;
    });
    await clock.advance(2000);
    expect(waited).toBeGreaterThan(750);
    expect(waited).toBeLessThanOrEqual(1002);
  }
});

test("a poll that is taken back leaves the others, and the last one takes the timer along", async () => {
  const clock = fakeClock();
  const called: string[] = [];
  const first = onPollTick(clock, 250, 250, () => called.push("first"));
  const second = onPollTick(clock, 250, 250, () => called.push("second"));
  first();
  await clock.advance(250);
  expect(called).toEqual(["second"]);
  second();
  const third = onPollTick(clock, 250, 250, () => called.push("third"));
  expect(clock.pending).toBe(1);
  third();
  expect(clock.pending).toBe(0);
  onPollTick(clock, 250, 250, () => called.push("fourth"));
  await clock.advance(250);
  expect(called).toEqual(["second", "fourth"]);
});

test.each([
  ["local", 1],
  ["network", 3],
] as const)("tails of a %s file system have %i timers for three files", async (kind, timers) => {
  const clock = fakeClock();
  const fileSystem = new FakeFileSystem();
  fileSystem.fileSystemKind = kind;
  const scheduler = createScheduler();
  const tails = [0, 1, 2].map((i) => {
    fileSystem.append(`/volume/${i}`, "one\n");
    return tailFile(`/volume/${i}`, { clock, fileSystem, scheduler });
  });
  for (const tail of tails) {
    void (async () => {
      for await (const _ of tail);
    })();
    await settle();
  }
  await clock.advance(5000);
  expect(clock.pending).toBe(timers);
  await Promise.all(tails.map((tail) => tail.stop()));
  expect(clock.pending).toBe(0);
});
