import { expect, test } from "vitest";
import type { TailLine } from "../../src/index.ts";
import { playSchedule } from "./schedule.ts";

const seed = Number(process.env["SEED"] ?? 1);
const runs = Number(process.env["RUNS"] ?? 20_000);

/** A line in few characters, so that a failure can be read. */
function brief({ text, start, end, terminated }: TailLine): string {
  return `${start}-${end}${terminated ? "" : " open"} ${text.slice(0, 12)}`;
}

test(`every schedule of writes, cuts, lies and errors ends with the same lines, once each (${runs} from seed ${seed})`, {
  timeout: Math.max(60_000, runs * 50),
}, async () => {
  for (let i = 0; i < runs; i++) {
    const played = await playSchedule(seed + i);
    const repeat = `Repeat with: SEED=${seed + i} RUNS=1 npx vitest run test/model\n${played.log.join("\n")}`;
    expect(played.failure, repeat).toBeNull();
    expect(played.delivered.map(brief), repeat).toEqual(played.expected.map(brief));
    expect(played.delivered, repeat).toEqual(played.expected);
    expect(played.complete, repeat).toBe(true);
    expect(played.openHandles, repeat).toBe(0);
  }
});
