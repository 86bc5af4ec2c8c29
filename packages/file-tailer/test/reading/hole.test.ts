import { describe, expect, test } from "vitest";
import type { TailOptions } from "../../src/index.ts";
import { NulHold } from "../../src/reading/nul-hold.ts";
import type { FakeFileSystem } from "../support/fake-file-system.ts";
import { PATH, type Rig, startRig } from "../support/rig.ts";

function startNetworkRig(options: TailOptions, prepare: (fs: FakeFileSystem) => void): Promise<Rig> {
  return startRig(options, (fs) => {
    fs.fileSystemKind = "network";
    prepare(fs);
  });
}

describe("NUL bytes where data has not arrived", () => {
  test("are held back and read again until the data is there", async () => {
    const rig = await startNetworkRig({}, (fs) => {
      fs.append(PATH, "first\nsecond\n");
      fs.lies.nulFrom = 8;
    });
    expect(rig.texts()).toEqual(["first"]);
    await rig.advance(4000);
    expect(rig.texts()).toEqual(["first"]);
    rig.fs.lies.nulFrom = Number.POSITIVE_INFINITY;
    await rig.advance(250);
    expect(rig.texts()).toEqual(["first", "second"]);
    expect(rig.tail.stats().holes).toBe(0);
  });

  test("are read again on a fresh open", async () => {
    const rig = await startNetworkRig({}, (fs) => {
      fs.append(PATH, "first\nsecond\n");
      fs.lies.nulFrom = 8;
    });
    const { open } = rig.fs.calls;
    await rig.advance(1000);
    expect(rig.fs.calls.open).toBe(open + 4);
  });

  test("are delivered and reported as a hole after the hold", async () => {
    const rig = await startNetworkRig({}, (fs) => fs.append(PATH, "a\0\0b\nc\n"));
    await rig.advance(4999);
    expect(rig.texts()).toEqual([]);
    await rig.advance(1);
    expect(rig.texts()).toEqual(["a\0\0b", "c"]);
    expect(rig.events).toEqual([{ kind: "hole", start: 1, end: 3 }]);
  });

  test("that are as old as those waited for are let through with them", async () => {
    const rig = await startNetworkRig({}, (fs) => fs.append(PATH, "a\0b\n".repeat(200)));
    await rig.advance(5500);
    expect(rig.texts()).toEqual(Array(200).fill("a\0b"));
  });

  test("that take several buffers are waited for once", async () => {
    const nuls = "\0".repeat(5000);
    const rig = await startNetworkRig({}, (fs) => fs.append(PATH, `a${nuls}b\n`));
    await rig.advance(6000);
    expect(rig.texts()).toEqual([`a${nuls}b`]);
  });

  test("of the next file are held like those of the first, whose hold was given up", async () => {
    const rig = await startNetworkRig({}, (fs) => fs.append(PATH, "a\0\0b\n"));
    await rig.advance(6000);
    expect(rig.texts()).toEqual(["a\0\0b"]);
    rig.fs.replace(PATH, "next line\n");
    rig.fs.lies.nulFrom = 2;
    await rig.advance(4000);
    rig.fs.lies.nulFrom = Number.POSITIVE_INFINITY;
    await rig.advance(6000);
    expect(rig.texts()).toEqual(["a\0\0b", "next line"]);
  });

  test("do not make the file look changed when the hole is filled after all", async () => {
    const rig = await startNetworkRig({}, (fs) => fs.append(PATH, "a\0\0b\n"));
    await rig.advance(5000);
    rig.fs.overwrite(PATH, 1, "xy");
    rig.fs.append(PATH, "next\n");
    await rig.advance(20_000);
    expect(rig.texts()).toEqual(["a\0\0b", "next"]);
  });

  test("in place of text that was read already are taken for a stale view", async () => {
    const rig = await startNetworkRig({}, (fs) => fs.append(PATH, "one\ntwo\n"));
    rig.fs.lies.nulFrom = 2;
    await rig.advance(60_000);
    rig.fs.lies.nulFrom = Number.POSITIVE_INFINITY;
    rig.fs.append(PATH, "three\n");
    await rig.advance(1000);
    expect(rig.texts()).toEqual(["one", "two", "three"]);
  });

  test("are delivered by finish when its bound is over", async () => {
    const rig = await startNetworkRig({ nulHoldMs: 60_000 }, (fs) => fs.append(PATH, "a\0b\n"));
    const result = rig.tail.finish({ expectedBytes: 4, timeoutMs: 1000 });
    await rig.advance(999);
    expect(rig.texts()).toEqual([]);
    await rig.advance(100);
    expect(await result).toMatchObject({ complete: true, holes: 1, bytes: 4 });
  });

  test("pass at once if the hold is off", async () => {
    const rig = await startNetworkRig({ nulHoldMs: 0 }, (fs) => fs.append(PATH, "a\0b\n"));
    expect(rig.texts()).toEqual(["a\0b"]);
  });
});

test("a hole larger than the buffer is waited for once", async () => {
  const rig = await startNetworkRig({}, (fs) => fs.append(PATH, `${"\0".repeat(20_000)}\n`));
  await rig.advance(5000);
  expect(rig.texts()).toEqual(["\0".repeat(20_000)]);
});

test("a hole larger than the buffer is waited for once, although the size that is told is none", async () => {
  const rig = await startNetworkRig({}, (fs) => {
    fs.lies.size = () => 0;
    fs.append(PATH, `${"\0".repeat(20_000)}\n`);
  });
  await rig.advance(6000);
  expect(rig.texts()).toEqual(["\0".repeat(20_000)]);
});

test("NULs right behind a hole that was let through are waited for, too", async () => {
  const rig = await startNetworkRig({}, (fs) => fs.append(PATH, "a\0"));
  await rig.advance(6000);
  expect(rig.tail.stats().holes).toBe(1);
  rig.fs.lies.nulFrom = 2;
  rig.fs.append(PATH, "b\n");
  await rig.advance(3000);
  rig.fs.lies.nulFrom = Number.POSITIVE_INFINITY;
  await rig.advance(6000);
  expect(rig.texts()).toEqual(["a\0b"]);
});

test("NULs on a local file system are what was written, and pass at once", async () => {
  const rig = await startRig({}, (fs) => {
    fs.fileSystemKind = "local";
    fs.append(PATH, "a\0b\n".repeat(2000));
  });
  expect(rig.lines).toHaveLength(2000);
  expect(rig.tail.stats().holes).toBe(0);
});

test("NULs in all of a file that is larger than the buffer are waited for once", async () => {
  const rig = await startNetworkRig({}, (fs) => fs.append(PATH, "a\0b\n".repeat(20_000)));
  await rig.advance(5000);
  expect(rig.lines).toHaveLength(20_000);
});

test("finish waits once for NULs, although the size that is told never grows", async () => {
  const rig = await startNetworkRig({ nulHoldMs: 60_000 }, (fs) => {
    fs.lies.size = () => 304;
    fs.append(PATH, "a\0b\n".repeat(20_000));
  });
  const result = rig.tail.finish({ expectedBytes: 80_000, timeoutMs: 1000 });
  await rig.advance(1100);
  expect(await result).toMatchObject({ complete: true, bytes: 80_000 });
});

test("a NUL that could be seen when the hold began is as old as those before it that were filled", () => {
  const hold = new NulHold(100);
  const check = (text: string, now: number): ReturnType<NulHold["check"]> =>
    hold.check({ chunk: Buffer.from(text), base: 0, full: false, sizeHint: 0, now });
  expect(check("a\0b\0c", 0).usable).toBe(1);
  expect(check("axb\0c", 90).usable).toBe(3);
  expect(check("axb\0c", 100)).toEqual({ usable: 5, holes: [{ start: 3, end: 4 }] });
});

test("the hold begins anew for NULs behind what could be seen when it began", () => {
  const hold = new NulHold(100);
  const check = (text: string, base: number, now: number): ReturnType<NulHold["check"]> =>
    hold.check({ chunk: Buffer.from(text), base, full: false, sizeHint: 0, now });
  expect(check("ab\0", 0, 0).usable).toBe(2);
  expect(check("c\0", 2, 90).usable).toBe(1);
  expect(check("\0", 3, 120).usable).toBe(0);
  expect(check("\0", 3, 190)).toEqual({ usable: 1, holes: [{ start: 3, end: 4 }] });
});
