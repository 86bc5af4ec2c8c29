import { expect, it } from "vitest";
import { canonicalQuantity, parseQuantity } from "../../src/resources/quantity.ts";

it.each([
  ["2", 2],
  ["250m", 0.25],
  ["1.5Gi", 1.5 * 2 ** 30],
  [".5", 0.5],
  ["1e3", 1000],
  ["1E", 1e18],
  ["128Mi", 128 * 2 ** 20],
])("%s is %d", (text, value) => expect(parseQuantity(text)).toBeCloseTo(value, 9));

it.each(["", "abc", "1 Gi", "1KiB", "--1", "1e"])("%j is no quantity", (text) => {
  expect(parseQuantity(text)).toBeUndefined();
});

it("fractions are stored in thousandths", () => {
  expect(["1.5", "0.1", "2.0", "2", "1.5Gi"].map(canonicalQuantity)).toEqual([
    "1500m",
    "100m",
    "2",
    "2",
    "1.5Gi",
  ]);
});
