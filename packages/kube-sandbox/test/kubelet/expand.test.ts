import fc from "fast-check";
import { expect, it } from "vitest";
import { expandVariables } from "../../src/kubelet/process/expand.ts";

const text = fc.string({ unit: fc.constantFrom("$", "(", ")", "A", "b", " ", "\n", "{", "é") });

it("K6: a text whose every $ is doubled comes out as it was", () => {
  const known = () => "EXPANDED";
  fc.assert(
    fc.property(
      text,
      (value) =>
        expandVariables(
          value.replaceAll("$", () => "$$"),
          known,
        ) === value,
    ),
    { seed: 20300101, numRuns: 2000 },
  );
});

it("a text without known names loses nothing but one $ of each pair", () => {
  fc.assert(
    fc.property(
      text,
      (value) =>
        expandVariables(value, () => undefined) ===
        value.replace(/\$\$|\$\([^)]*\)/g, (one) => (one === "$$" ? "$" : one)),
    ),
    { seed: 20300102, numRuns: 2000 },
  );
});

it("values are not expanded again", () => {
  expect(expandVariables("$(A)", (name) => (name === "A" ? "$(B)$$" : "no"))).toBe("$(B)$$");
});
