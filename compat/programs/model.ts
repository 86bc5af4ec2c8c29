// Plays schedules of file-tailer's model test; built into one file, since not every Node reads TypeScript.
import { isDeepStrictEqual } from "node:util";
import { playSchedule } from "../../packages/file-tailer/test/model/schedule.ts";

const [first = 1, runs = 1] = process.argv.slice(2).map(Number);
const failed: number[] = [];
for (let seed = first; seed < first + runs; seed++) {
  const { delivered, expected, complete, failure, openHandles } = await playSchedule(seed);
  const right = isDeepStrictEqual(delivered, expected) && complete && failure === null && openHandles === 0;
  if (!right) failed.push(seed);
}
process.stdout.write(JSON.stringify({ node: process.version, runs, failed }));
