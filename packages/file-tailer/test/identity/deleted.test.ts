import { describe, expect, test } from "vitest";
import { PATH, startRig } from "../support/rig.ts";

describe("a file that was deleted", () => {
  test.each(["on-stale", "always"] as const)(
    "is read on by its handle and then at its return (%s)",
    async (reopen) => {
      const rig = await startRig({ reopen }, (fs) => fs.append(PATH, "one\n"));
      rig.fs.append(PATH, "two\n");
      rig.fs.remove(PATH);
      await rig.advance(20_000);
      expect(rig.texts()).toEqual(["one", "two"]);
      expect(rig.kinds()).toContain("missing");
      rig.fs.append(PATH, "back\n");
      await rig.advance(5000);
      expect(rig.texts()).toEqual(["one", "two", "back"]);
    },
  );

  test("ends the tail if it does not return", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    rig.fs.remove(PATH);
    await rig.advance(59_000);
    expect(rig.failure()).toBeUndefined();
    await rig.advance(10_000);
    expect(rig.failure()).toMatchObject({ code: "file_disappeared", path: PATH });
  });

  test("counts as complete for finish if all expected bytes were read before", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\nlast"));
    rig.fs.remove(PATH);
    const result = rig.tail.finish({ expectedBytes: 8 });
    await rig.advance(6000);
    expect(await result).toMatchObject({ complete: true, lines: 2 });
  });
});
