import { describe, expect, test } from "vitest";
import { tailFile } from "../src/index.ts";
import { settle } from "./support/fake-clock.ts";
import { FakeFileSystem } from "./support/fake-file-system.ts";
import { PATH, startRig } from "./support/rig.ts";

describe("finish", () => {
  test("L8 delivers a last line without a newline, marked as such", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "whole\nlast"));
    const result = rig.tail.finish();
    await settle();
    expect(rig.lines.at(-1)).toEqual({ text: "last", start: 6, end: 10, terminated: false });
    expect(rig.failure()).toBeNull();
    expect(await result).toEqual({
      complete: true,
      reason: "complete",
      bytes: 10,
      lines: 2,
      offset: 10,
      holes: 0,
    });
  });

  test("looks at once, without waiting for the next poll", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    await rig.advance(60_000);
    rig.fs.append(PATH, "two\n");
    const result = await rig.tail.finish({ expectedBytes: 8 });
    expect(rig.texts()).toEqual(["one", "two"]);
    expect(result.complete).toBe(true);
  });

  test("reads on a fresh open, since the held handle may not see the last bytes", async () => {
    const rig = await startRig({ reopen: "on-stale" }, (fs) => {
      fs.lies.frozenHandles = true;
      fs.append(PATH, "one\n");
    });
    rig.fs.append(PATH, "two\n");
    const result = await rig.tail.finish();
    expect(rig.texts()).toEqual(["one", "two"]);
    expect(result.complete).toBe(true);
  });

  test("opens afresh even if it is called in the middle of a round", async () => {
    const fileSystem = new FakeFileSystem();
    fileSystem.lies.frozenHandles = true;
    fileSystem.append(PATH, "one\n");
    const tail = tailFile(PATH, { fileSystem });
    const iterator = tail[Symbol.asyncIterator]();
    await iterator.next();
    fileSystem.append(PATH, "two\n");
    const result = tail.finish();
    expect((await iterator.next()).value?.[0]?.text).toBe("two");
    expect((await iterator.next()).done).toBe(true);
    expect(await result).toMatchObject({ complete: true, lines: 2 });
  });

  test("is complete without a file if no bytes were expected", async () => {
    const rig = await startRig();
    const result = rig.tail.finish({ expectedBytes: 0, timeoutMs: 100 });
    await rig.advance(1000);
    expect(await result).toMatchObject({ complete: true, reason: "missing" });
  });

  test("L12 waits for bytes that the writer says it wrote and that are not visible yet", async () => {
    const rig = await startRig({}, (fs) => {
      fs.append(PATH, "one\ntwo\n");
      fs.lies.visible = 4;
    });
    const result = rig.tail.finish({ expectedBytes: 8, timeoutMs: 3000 });
    await rig.advance(2900);
    expect(rig.failure()).toBeUndefined();
    rig.fs.lies.visible = 8;
    await rig.advance(100);
    expect(await result).toMatchObject({ complete: true, bytes: 8 });
    expect(rig.texts()).toEqual(["one", "two"]);
  });

  test("says that bytes are missing after the bound", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    const result = rig.tail.finish({ expectedBytes: 8, timeoutMs: 3000 });
    await rig.advance(3000);
    expect(await result).toMatchObject({ complete: false, reason: "timeout", bytes: 4, offset: 4 });
    expect(rig.failure()).toBeNull();
  });

  test("L3 counts the bound from the last new byte, so that minutes of late output are not cut", async () => {
    const rig = await startRig();
    const result = rig.tail.finish({ expectedBytes: 500, timeoutMs: 1000 });
    for (let i = 0; i < 100; i++) {
      rig.fs.append(PATH, "line\n");
      await rig.advance(900);
    }
    expect(await result).toMatchObject({ complete: true, lines: 100 });
  });

  test("does not take a larger size for the end while bytes are missing", async () => {
    const rig = await startRig({}, (fs) => {
      fs.append(PATH, "one\ntwo\n");
      fs.lies.visible = 4;
    });
    const result = rig.tail.finish({ timeoutMs: 1000 });
    await rig.advance(500);
    expect(rig.failure()).toBeUndefined();
    rig.fs.lies.visible = 8;
    await rig.advance(500);
    expect(await result).toMatchObject({ complete: true, lines: 2 });
  });

  test("L7 ends with `missing` if there never was a file", async () => {
    const rig = await startRig();
    const result = rig.tail.finish({ timeoutMs: 2000 });
    await rig.advance(2250);
    expect(await result).toMatchObject({ complete: false, reason: "missing", bytes: 0 });
    expect(rig.failure()).toBeNull();
  });

  test("resolves only when the consumer has taken the last batch", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    await rig.tail.stop();
    const slow = await startRig();
    expect(slow.lines).toEqual([]);
    slow.fs.append(PATH, "one\n");
    const order: string[] = [];
    const result = slow.tail.finish().then(() => order.push(`resolved after ${slow.lines.length}`));
    await slow.advance(300);
    await result;
    expect(order).toEqual(["resolved after 1"]);
  });

  test("never rejects: a failure is in its result", async () => {
    const rig = await startRig({ maxLineBytes: 4 }, (fs) => fs.append(PATH, "ok\n"));
    rig.fs.append(PATH, "much too long\n");
    const result = await rig.tail.finish();
    await settle();
    expect(result).toMatchObject({ complete: false, reason: "failed", error: { code: "line_too_long" } });
    expect(rig.failure()).toMatchObject({ code: "line_too_long" });
  });

  test("reports the error that kept it from reading on", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    rig.fs.lies.errors = Array(1000).fill("EIO");
    const result = rig.tail.finish({ expectedBytes: 8, timeoutMs: 2000 });
    await rig.advance(10_000);
    expect(await result).toMatchObject({ reason: "timeout", error: { code: "io_error" } });
  });
});

test("a finish without a bound polls as before, and ends when the bytes are there", async () => {
  const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
  const result = rig.tail.finish({ expectedBytes: 8, timeoutMs: Number.POSITIVE_INFINITY });
  await rig.advance(5000);
  const { polls, opens } = rig.tail.stats();
  await rig.advance(60_000);
  expect(rig.tail.stats().polls - polls).toBeLessThanOrEqual(61);
  expect(rig.tail.stats().opens).toBe(opens);
  rig.fs.append(PATH, "two\n");
  await rig.advance(1000);
  expect(await result).toMatchObject({ complete: true, bytes: 8 });
});

test("a finish asks at a fifth of the poll interval, since somebody waits for it", async () => {
  const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
  const result = rig.tail.finish({ expectedBytes: 8, timeoutMs: 1000 });
  await rig.advance(110);
  rig.fs.append(PATH, "two\n");
  await rig.advance(50);
  expect(await result).toMatchObject({ complete: true, bytes: 8 });
});
