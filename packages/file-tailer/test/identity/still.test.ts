import { describe, expect, test } from "vitest";
import { Stillness } from "../../src/identity/stillness.ts";
import { PATH, startRig } from "../support/rig.ts";

describe("an idle file on a local file system", () => {
  test("is not read again while it is left alone", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    await rig.advance(5000);
    const { read, open } = rig.fs.calls;
    await rig.advance(60_000);
    expect(rig.fs.calls).toMatchObject({ read, open });
    expect(rig.fs.glances).toBeGreaterThan(40);
  });

  test("has its new line delivered by the next poll", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    await rig.advance(60_000);
    rig.fs.append(PATH, "two\n");
    await rig.advance(1000);
    expect(rig.texts()).toEqual(["one", "two"]);
  });

  test("is noticed when its bytes change and its size does not", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    await rig.advance(60_000);
    rig.fs.overwrite(PATH, 0, "two\n");
    await rig.advance(5000);
    expect(rig.texts()).toEqual(["one", "two"]);
    expect(rig.kinds()).toContain("truncated");
  });

  test("is noticed when another takes its place", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    await rig.advance(60_000);
    rig.fs.replace(PATH, "two\n");
    await rig.advance(8000);
    expect(rig.texts()).toEqual(["one", "two"]);
    expect(rig.kinds()).toContain("replaced");
  });

  test("is read to its end by finish, on a fresh open", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    await rig.advance(60_000);
    const { open, read } = rig.fs.calls;
    void rig.tail.finish();
    await rig.advance(1000);
    expect(rig.failure()).toBeNull();
    expect(rig.fs.calls.open).toBe(open + 1);
    expect(rig.fs.calls.read).toBeGreaterThan(read);
  });
});

test.each([
  { kind: "network", reopen: "on-stale" },
  { kind: "unknown", reopen: "on-stale" },
  { kind: "local", reopen: "always" },
] as const)("an idle file is read at each poll if it cannot be trusted: $kind, $reopen", async (given) => {
  const rig = await startRig({ reopen: given.reopen }, (fs) => {
    fs.fileSystemKind = given.kind;
    fs.append(PATH, "one\n");
  });
  await rig.advance(5000);
  const { read } = rig.fs.calls;
  await rig.advance(60_000);
  expect(rig.fs.calls.read).toBeGreaterThanOrEqual(read + 60);
  expect(rig.fs.glances).toBe(0);
});

describe("stillness", () => {
  const glance = { size: 4, changedMs: 1 };

  test("is not believed of a file that was changed a moment ago, since a second change may leave no mark", () => {
    const stillness = new Stillness();
    stillness.note(glance, 1000);
    stillness.readToEnd(4, 1001);
    expect(stillness.note(glance, 1002)).toBe(false);
    stillness.readToEnd(4, 1250);
    expect(stillness.note(glance, 1500)).toBe(true);
  });

  test.each([{ size: 5, changedMs: 1 }, { size: 4, changedMs: 2 }, undefined])(
    "ends with any change: %o",
    (changed) => {
      const stillness = new Stillness();
      stillness.note(glance, 0);
      stillness.readToEnd(4, 1000);
      expect(stillness.note(glance, 2000)).toBe(true);
      expect(stillness.note(changed, 3000)).toBe(false);
      expect(stillness.note(glance, 4000)).toBe(false);
    },
  );

  test("is not believed of a file whose size is not what was read", () => {
    const stillness = new Stillness();
    stillness.note(glance, 0);
    stillness.readToEnd(3, 1000);
    expect(stillness.note(glance, 2000)).toBe(false);
  });
});
