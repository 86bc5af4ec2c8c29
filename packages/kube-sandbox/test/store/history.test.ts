import { expect, it } from "vitest";
import type { KubeObject } from "../../src/resources/objects.ts";
import { createHistory, type StoreEvent } from "../../src/store/history.ts";

const event = (version: number): StoreEvent => ({
  type: "MODIFIED",
  resource: "pods",
  version,
  object: {} as KubeObject,
});

it("keeps what is fresh, however much it is, and then at least two thousand writes", () => {
  let now = 0;
  const history = createHistory(() => now);
  for (let version = 1; version <= 10_000; version += 1) history.record(event(version));
  expect(history.since("pods", 0)).toHaveLength(10_000);
  now = 80_000;
  for (let version = 10_001; version <= 10_600; version += 1) history.record(event(version));
  expect(history.since("pods", 0)).toBe("expired");
  const since = history.since("pods", 8_700);
  expect(since).not.toBe("expired");
  expect((since as StoreEvent[]).map((one) => one.version)).toEqual(
    Array.from({ length: 1_900 }, (_, index) => 8_701 + index),
  );
});

it("a resource that was never written may be watched from any version that is not expired", () => {
  const history = createHistory(() => 0);
  expect(history.since("jobs", 5)).toEqual([]);
  history.expire(6);
  expect(history.since("jobs", 5)).toBe("expired");
  expect(history.since("jobs", 6)).toEqual([]);
});
