import { describe, expect, test } from "vitest";
import { PATH, startRig } from "../support/rig.ts";

describe("the poll interval", () => {
  test("is 250 ms while the file grows", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "0\n"));
    for (let i = 1; i <= 20; i++) {
      rig.fs.append(PATH, `${i}\n`);
      await rig.advance(250);
    }
    expect(rig.texts()).toHaveLength(21);
    expect(new Set(rig.clock.waits)).toEqual(new Set([250]));
  });

  test("is 1000 ms after five polls without growth", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "0\n"));
    await rig.advance(5 * 250 + 3000);
    expect(rig.clock.waits).toEqual([250, 250, 250, 250, 250, 1000, 1000, 1000, 1000]);
  });

  test("goes back to 250 ms on growth", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "0\n"));
    await rig.advance(10_000);
    rig.fs.append(PATH, "1\n");
    await rig.advance(1000);
    expect(rig.clock.waits.at(-1)).toBe(250);
    expect(rig.texts()).toEqual(["0", "1"]);
  });

  test("and the number of polls are options", async () => {
    const rig = await startRig({ pollIntervalMs: 10, idlePollIntervalMs: 70, idleAfterPolls: 2 }, (fs) =>
      fs.append(PATH, "0\n"),
    );
    await rig.advance(160);
    expect(rig.clock.waits).toEqual([10, 10, 70, 70, 70]);
  });
});
