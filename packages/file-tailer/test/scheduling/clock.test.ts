import { expect, test } from "vitest";
import { systemClock } from "../../src/index.ts";

test("a timer without end does not fire at once", async () => {
  let fired = false;
  const timer = systemClock.setTimeout(() => {
    fired = true;
  }, Number.POSITIVE_INFINITY);
  await new Promise((resolve) => setTimeout(resolve, 20));
  systemClock.clearTimeout(timer);
  expect(fired).toBe(false);
});
