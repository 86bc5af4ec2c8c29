import { expect, it } from "vitest";
import { createTextTail } from "../../src/output/stderr-tail.ts";
import { fc } from "../support/property.ts";

it("keeps the end of all lines, and no more", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 50 }), (lines, most) => {
      const tail = createTextTail(most);
      for (const line of lines) tail.push(line);
      expect(tail.text()).toBe(
        lines
          .map((line) => `${line}\n`)
          .join("")
          .slice(-most),
      );
    }),
  );
});

it("is bounded by one line that is longer than all of it", () => {
  const tail = createTextTail(100);
  tail.push("x".repeat(1_000_000));
  expect(tail.text()).toBe(`${"x".repeat(99)}\n`);
});
