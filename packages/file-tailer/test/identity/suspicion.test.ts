import { expect, test } from "vitest";
import { Suspicion, type SuspicionKind } from "../../src/identity/suspicion.ts";

function after(
  kind: SuspicionKind,
  looks: readonly number[],
  limits = { truncationConfirmMs: 0, staleViewMs: 0 },
) {
  const suspicion = new Suspicion(limits);
  return looks.map((now) => {
    suspicion.note(kind, now);
    return suspicion.confirmed(now);
  });
}

test.each(["empty", "shorter"] as const)(
  "a file that is %s is believed at the third look at the earliest",
  (kind) => {
    expect(after(kind, [0, 60_000, 120_000])).toEqual([false, false, true]);
  },
);

test.each(["different", "replaced"] as const)("a file that is %s is believed at the second look", (kind) => {
  expect(after(kind, [0, 1])).toEqual([false, true]);
});

test("looks that are many do not stand for time", () => {
  const limits = { truncationConfirmMs: 1000, staleViewMs: 5000 };
  expect(after("empty", [0, 300, 600, 999, 1000], limits)).toEqual([false, false, false, false, true]);
  expect(after("shorter", [0, 1000, 2000, 4999, 5000], limits)).toEqual([false, false, false, false, true]);
});
