import { expect, test } from "vitest";
import { turnstile } from "../../src/launch/turnstile.ts";

const soon = () => new Promise((resolve) => setImmediate(resolve));

/** Enters, and notes when it is let through. */
function enters(turn: ReturnType<typeof turnstile>, order: string[], name: string, signal?: AbortSignal) {
  return turn.enter("key", signal).then((leave) => {
    order.push(leave === null ? `${name} gave up` : name);
    return leave;
  });
}

test("G1 one at a time passes, in the order in which they came; other keys do not wait", async () => {
  const turn = turnstile();
  const order: string[] = [];
  const first = await enters(turn, order, "first");
  const second = enters(turn, order, "second");
  const third = enters(turn, order, "third");
  await turn.enter("another");
  await turn.enter(null);
  await soon();
  expect(order).toEqual(["first"]);
  first?.();
  (await second)?.();
  (await third)?.();
  expect(order).toEqual(["first", "second", "third"]);
  await enters(turn, order, "later");
  expect(order.at(-1)).toBe("later");
});

test("X1 whoever gives up leaves the queue at once and lets nobody through before their turn", async () => {
  const turn = turnstile();
  const order: string[] = [];
  const giveUp = new AbortController();
  const first = await enters(turn, order, "first");
  const second = enters(turn, order, "second", giveUp.signal);
  const third = enters(turn, order, "third");
  giveUp.abort();
  expect(await second).toBeNull();
  await soon();
  expect(order).toEqual(["first", "second gave up"]);
  first?.();
  await third;
  expect(order).toEqual(["first", "second gave up", "third"]);
});
