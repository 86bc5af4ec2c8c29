import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBackoff } from "../../src/reflector/backoff.ts";

const delays = (random: () => number, count = 8) => {
  const backoff = createBackoff({ random });
  return Array.from({ length: count }, () => backoff.next());
};

describe("the delays between tries", () => {
  test("they double from 0.8 s to 30 s, and each is at least half of that", () => {
    expect(delays(() => 1)).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
    expect(delays(() => 0)).toEqual([400, 800, 1600, 3200, 6400, 12_800, 15_000, 15_000]);
  });

  test("hosts that failed together do not come back together", () => {
    const hosts = Array.from({ length: 20 }, (_none, index) => delays(() => index / 20, 1)[0] ?? 0);
    expect(new Set(hosts).size).toBe(20);
    expect(Math.max(...hosts) - Math.min(...hosts)).toBeGreaterThan(300);
  });

  test("a server's own wish is a lower bound, never an upper one", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(120_000), (random, wish) => {
        const backoff = createBackoff({ random: () => random });
        expect(backoff.next(wish)).toBeGreaterThanOrEqual(wish);
        expect(createBackoff({ random: () => random }).next(wish)).toBeGreaterThanOrEqual(400);
      }),
      { seed: 1 },
    );
  });

  test("success begins again at the first delay", () => {
    const backoff = createBackoff({ random: () => 1 });
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.next()).toBe(800);
  });
});
