import { expect, it } from "vitest";
import type { AgentWait } from "../../src/index.ts";
import { startPatience } from "../../src/progress/patience.ts";
import { fakeClock } from "../support/fake-clock.ts";

const wait = (streak: number, retryNotBefore: string | null = null): AgentWait => ({
  streak,
  failure: { code: "out", family: "transient_upstream", message: "Overloaded", retryNotBefore },
});

function watch(boundMs = 10_000) {
  const clock = fakeClock();
  const told: string[] = [];
  const ended: string[] = [];
  let now: AgentWait | null = null;
  const patience = startPatience({
    ...{ clock, boundMs, waiting: () => now },
    write: async (line) => void told.push(line),
    giveUp: ({ message }) => void ended.push(message),
  });
  const set = (next: AgentWait | null) => {
    now = next;
    patience.look();
  };
  return { clock, told, ended, patience, set };
}

it("R12: gives up a wait that goes on for the bound, and says so once before", async () => {
  const { clock, told, ended, patience, set } = watch();
  set(wait(1));
  set(wait(1));
  await clock.advance(9_999);
  expect(ended).toEqual([]);
  await clock.advance(1);
  await clock.advance(60_000);
  expect(told).toEqual([
    "[paperclip] The agent waits for its provider: Overloaded. The run ends if that goes on for 10 s.\n",
  ]);
  expect(ended).toEqual([
    "The provider did not answer: Overloaded. The agent was ended after 10 s of waiting.",
  ]);
  expect(patience.stop()).toMatchObject({ code: "out", message: ended[0] });
});

it("R12: a call that is on its way may take what it takes, and its failure is the same trouble", async () => {
  const { clock, ended, set } = watch();
  set(wait(1));
  await clock.advance(5_000);
  set(null);
  await clock.advance(60_000);
  expect(ended).toEqual([]);
  set(wait(1));
  expect(ended).toHaveLength(1);
});

it("another trouble after an answer has its own time", async () => {
  const { clock, told, ended, set } = watch();
  set(wait(1));
  await clock.advance(9_000);
  set(null);
  set(wait(2));
  await clock.advance(9_000);
  expect(ended).toEqual([]);
  expect(told).toHaveLength(2);
});

it("R7: what the provider puts off for longer than the bound is not waited for", async () => {
  const { clock, ended, set } = watch();
  const at = (ms: number) => new Date(clock.now() + ms).toISOString();
  set(wait(1, at(9_000)));
  expect(ended).toEqual([]);
  set(wait(1, at(11_000)));
  expect(ended).toEqual([
    `The provider did not answer and asks to wait until ${at(11_000)}: Overloaded. The agent was ended after 0 s of waiting.`,
  ]);
});

it("a bound of 0 bears everything, and a stopped watch ends nothing", async () => {
  const forever = watch(0);
  forever.set(wait(1));
  await forever.clock.advance(1e9);
  expect(forever.ended).toEqual([]);
  const stopped = watch();
  stopped.set(wait(1));
  expect(stopped.patience.stop()).toBeNull();
  await stopped.clock.advance(1e9);
  expect(stopped.ended).toEqual([]);
});
