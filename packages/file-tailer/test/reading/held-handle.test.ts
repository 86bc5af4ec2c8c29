import { describe, expect, test } from "vitest";
import { PATH, startRig } from "../support/rig.ts";

describe("a handle that does not see new bytes", () => {
  test.each(["network", "unknown"] as const)("is no hindrance on a %s file system", async (kind) => {
    const rig = await startRig({}, (fs) => {
      fs.fileSystemKind = kind;
      fs.lies.frozenHandles = true;
      fs.append(PATH, "one\n");
    });
    rig.fs.append(PATH, "two\n");
    await rig.advance(250);
    expect(rig.texts()).toEqual(["one", "two"]);
  });

  test("is noticed by the path's size on a file system that was taken for local", async () => {
    const rig = await startRig({ reopen: "on-stale" }, (fs) => {
      fs.lies.frozenHandles = true;
      fs.append(PATH, "one\n");
    });
    rig.fs.append(PATH, "two\n");
    await rig.advance(2000);
    expect(rig.texts()).toEqual(["one", "two"]);
  });

  test("costs a local file system no opens", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    for (let i = 0; i < 20; i++) {
      rig.fs.append(PATH, "more\n");
      await rig.advance(250);
    }
    expect(rig.fs.calls.open).toBe(1);
  });

  test("is closed when it is replaced by a fresh one", async () => {
    const rig = await startRig({ reopen: "always" }, (fs) => fs.append(PATH, "one\n"));
    await rig.advance(10_000);
    expect(rig.fs.calls.open).toBeGreaterThan(10);
    expect(rig.fs.openHandles).toBe(1);
  });
});
