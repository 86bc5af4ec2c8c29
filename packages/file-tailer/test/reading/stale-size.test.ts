import { describe, expect, test } from "vitest";
import { PATH, startRig } from "../support/rig.ts";

describe("sizes that are stale", () => {
  test("L12 a size of 304 bytes for ever does not hide a file of 325 KB", async () => {
    const rig = await startRig({}, (fs) => {
      fs.fileSystemKind = "network";
      fs.lies.size = () => 304;
      fs.append(PATH, "x".repeat(303).concat("\n"));
    });
    for (let i = 0; i < 1068; i++) rig.fs.append(PATH, `${i}`.padEnd(303, ".").concat("\n"));
    await rig.advance(1000);
    expect(rig.lines).toHaveLength(1069);
    expect(rig.lines.at(-1)?.end).toBe(1069 * 304);
    expect(await rig.tail.finish({ expectedBytes: 1069 * 304 })).toMatchObject({ complete: true });
  });

  test("L13 a size that goes backwards for a moment changes nothing", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\ntwo\n"));
    rig.fs.lies.size = () => 3;
    await rig.advance(20_000);
    rig.fs.lies.size = undefined;
    rig.fs.append(PATH, "three\n");
    await rig.advance(1000);
    expect(rig.texts()).toEqual(["one", "two", "three"]);
    expect(rig.tail.stats()).toMatchObject({ truncations: 0, replacements: 0 });
  });

  test("L13 reads that end before the offset for some seconds change nothing either", async () => {
    const rig = await startRig({}, (fs) => {
      fs.fileSystemKind = "network";
      fs.append(PATH, "one\ntwo\n");
    });
    for (const visible of [0, 4, 7]) {
      rig.fs.lies.visible = visible;
      await rig.advance(9000);
    }
    rig.fs.lies.visible = Number.POSITIVE_INFINITY;
    rig.fs.append(PATH, "three\n");
    await rig.advance(1000);
    expect(rig.texts()).toEqual(["one", "two", "three"]);
    expect(rig.kinds()).toContain("stale");
  });

  test("a size that is too large neither ends a line nor stops the tail", async () => {
    const rig = await startRig({}, (fs) => {
      fs.lies.size = (size) => size + 10_000;
      fs.append(PATH, "one\npart");
    });
    await rig.advance(10_000);
    expect(rig.texts()).toEqual(["one"]);
    expect(rig.tail.stats().lagBytes).toBe(10_000);
  });
});
