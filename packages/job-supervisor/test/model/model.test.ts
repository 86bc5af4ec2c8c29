import { expect, test } from "vitest";
import { playSchedule } from "./schedule.ts";

const seed = Number(process.env["SEED"] ?? 1);
const runs = Number(process.env["RUNS"] ?? 20_000);

test(`G2 G11 G12 X6 hosts that die, meet and are replaced, in every order: one writer, one outcome, nothing left (${runs} from seed ${seed})`, {
  timeout: Math.max(120_000, runs * 50),
}, async () => {
  for (let i = 0; i < runs; i += 1) {
    const { failures, log } = await playSchedule(seed + i);
    const repeat = () => `Repeat with: SEED=${seed + i} RUNS=1 npx vitest run test/model\n${log.join("\n")}`;
    if (failures.length > 0) expect.fail(`${failures.join("\n")}\n${repeat()}`);
    // Lets the runner breathe.
    if (i % 50 === 0) await new Promise(setImmediate);
  }
  expect(runs).toBeGreaterThan(0);
});
