import { describe, expect, it } from "vitest";
import { hostChunks } from "../../src/output/host-chunks.ts";
import { fc } from "../support/property.ts";

const limit = 8 * 1024;

function isWhole(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

describe("pieces of a line for the host", () => {
  it("are one piece where the line is short, and none where it is empty", () => {
    expect(hostChunks("line\n")).toEqual(["line\n"]);
    expect(hostChunks("")).toEqual([]);
    expect(hostChunks("x".repeat(limit))).toHaveLength(1);
  });

  it("L10: never cut a surrogate pair", () => {
    const text = `${"x".repeat(limit - 1)}😀${"y".repeat(limit)}`;
    expect(hostChunks(text).map(isWhole)).toEqual([true, true, true]);
  });

  it("L9: are the text of 10 MiB again when joined", () => {
    const text = `${"😀ab".repeat((10 * 1024 * 1024) / 4)}\n`;
    const chunks = hostChunks(text);
    expect(chunks.join("") === text).toBe(true);
    expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(limit);
  });

  it("are the text again for any text, half pairs included, and never longer than the host takes", () => {
    const unit = fc.constantFrom("a", "😀", "\ud83d", "\ude00", "ü");
    const filler = fc.integer({ min: limit - 3, max: limit + 3 });
    fc.assert(
      fc.property(filler, fc.array(unit, { maxLength: 12 }), filler, (before, units, after) => {
        const text = "x".repeat(before) + units.join("") + "y".repeat(after);
        const chunks = hostChunks(text);
        expect(chunks.join("")).toBe(text);
        for (const chunk of chunks) expect(chunk.length).toBeLessThanOrEqual(limit);
        if (isWhole(text)) expect(chunks.every(isWhole)).toBe(true);
      }),
    );
  });
});
