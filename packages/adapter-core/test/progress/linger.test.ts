import { expect, it } from "vitest";
import { startLinger } from "../../src/progress/linger.ts";
import { fakeClock } from "../support/fake-clock.ts";

function watch(boundMs = 10_000) {
  const clock = fakeClock();
  const told: string[] = [];
  let ends = 0;
  let closed = false;
  const linger = startLinger({
    ...{ clock, boundMs, isClosed: () => closed },
    write: async (line) => void told.push(line),
    end: () => void ends++,
  });
  const set = (next: boolean) => {
    closed = next;
    linger.look();
  };
  return { clock, told, linger, set, ends: () => ends };
}

it("C20: an agent CLI that has finished is asked to end once, after the bound, whatever it goes on to write", async () => {
  const { clock, told, linger, set, ends } = watch();
  await clock.advance(60_000);
  set(true);
  await clock.advance(9_000);
  set(true);
  await clock.advance(999);
  expect(ends()).toBe(0);
  await clock.advance(1);
  set(true);
  await clock.advance(60_000);
  expect(ends()).toBe(1);
  expect(told).toEqual(["[paperclip] The agent CLI has finished and not ended for 10 s: it is ended.\n"]);
  expect(linger.stop()).toBe(true);
});

it("L6: one that takes another turn is left alone, and counted anew from the end of that", async () => {
  const { clock, linger, set, ends } = watch();
  set(true);
  await clock.advance(9_000);
  set(false);
  await clock.advance(60_000);
  set(true);
  await clock.advance(9_999);
  expect(ends()).toBe(0);
  expect(linger.stop()).toBe(false);
  await clock.advance(60_000);
  expect(ends()).toBe(0);
});

it("0 is for ever", async () => {
  const { clock, set, ends } = watch(0);
  set(true);
  await clock.advance(86_400_000);
  expect(ends()).toBe(0);
  expect(clock.pending).toBe(0);
});
