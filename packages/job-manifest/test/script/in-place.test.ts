import { closeSync, fstatSync, openSync } from "node:fs";
import { expect, test } from "vitest";
import { EXIT_RECORD_BYTES, parseExitRecord } from "../../src/index.ts";
import { eventually, places, sh, startAgent, textOf } from "./run-agent.ts";

/** A look takes a microsecond, a truncation and its write some more: one of so many looks would see it. */
const RUNS = 12;

// One after the other: whoever looks must not wait for a processor.
test.each(places().filter(({ isInit }) => !isInit))(
  "L16 the record is written over its blocks, which are never given back, $title",
  async (place) => {
    for (let turn = 0; turn < RUNS; turn += 1) {
      const run = startAgent(place, { command: sh("sleep 0.05") });
      await eventually(() => textOf(run.files.started) !== "");
      const file = openSync(run.files.exit, "r");
      const smallest = smallestSizeFor(file, 150);
      closeSync(file);
      await run.ended;
      expect(parseExitRecord(textOf(run.files.exit))).not.toBeNull();
      expect(smallest).toBe(EXIT_RECORD_BYTES);
    }
  },
);

/** The smallest size that a file has within some milliseconds, looking as often as can be. */
function smallestSizeFor(file: number, ms: number): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const until = performance.now() + ms; performance.now() < until; ) {
    smallest = Math.min(smallest, fstatSync(file).size);
  }
  return smallest;
}
