import { describe, expect, test } from "vitest";
import { GrowingBuffer } from "../../src/lines/growing-buffer.ts";
import { Splitter } from "../../src/lines/splitter.ts";
import { PATH, startRig } from "../support/rig.ts";

const long = "é".repeat(50);

describe("a line above the limit", () => {
  const prepare = (fs: { append(path: string, data: string): void }): void =>
    fs.append(PATH, `ok\n${long}\nafter\n`);

  test("fails the tail, after the lines before it were delivered", async () => {
    const rig = await startRig({ maxLineBytes: 99 }, prepare);
    expect(rig.texts()).toEqual(["ok"]);
    expect(rig.failure()).toMatchObject({ code: "line_too_long", offset: 3, path: PATH });
  });

  test("is truncated between characters, and says so", async () => {
    const rig = await startRig({ maxLineBytes: 51, longLine: "truncate" }, prepare);
    expect(rig.lines[1]).toEqual({
      text: "é".repeat(25),
      start: 3,
      end: 104,
      terminated: true,
      truncated: true,
    });
    expect(rig.texts()[2]).toBe("after");
    expect(rig.tail.stats().truncatedLines).toBe(1);
  });

  test("is skipped, and said so", async () => {
    const rig = await startRig({ maxLineBytes: 99, longLine: "skip" }, prepare);
    expect(rig.texts()).toEqual(["ok", "after"]);
    expect(rig.events).toEqual([{ kind: "line_skipped", start: 3, end: 104 }]);
    expect(rig.tail.stats().skippedLines).toBe(1);
  });

  test("is delivered in pieces that join to it", async () => {
    const rig = await startRig({ maxLineBytes: 33, longLine: "split" }, prepare);
    const pieces = rig.lines.slice(1, -1);
    expect(pieces.map(({ terminated }) => terminated)).toEqual([false, false, false, true]);
    expect(pieces.map(({ text }) => text).join("")).toBe(long);
  });

  test("is no line above it if it has exactly that many bytes", async () => {
    const rig = await startRig({ maxLineBytes: 100 }, prepare);
    expect(rig.texts()).toEqual(["ok", long, "after"]);
  });
});

test("L9 a line of 10 MiB arrives whole", async () => {
  const line = "0123456789abcdef".repeat(655_360);
  const rig = await startRig({ readBufferBytes: 262_144 }, (fs) => fs.append(PATH, `${line}\nend\n`));
  expect(rig.texts().map((text) => text.length)).toEqual([10_485_760, 3]);
  expect(rig.lines[0]!.text === line).toBe(true);
});

test("a line that comes in many small pieces copies each byte a bounded number of times", () => {
  let copied = 0;
  const copy = Buffer.prototype.copy;
  const count = function (this: Buffer, ...args: Parameters<typeof copy>): number {
    const bytes = copy.apply(this, args);
    copied += bytes;
    return bytes;
  };
  Buffer.prototype.copy = count as typeof copy;
  try {
    const splitter = new Splitter({
      maxLineBytes: 10_000_000,
      longLine: "error",
      invalidUtf8: "replace",
      stripCarriageReturn: false,
      onInvalid: () => {},
      onEvent: () => {},
    });
    for (let i = 0; i < 4096; i++) splitter.push(Buffer.alloc(1024, 0x78), []);
  } finally {
    Buffer.prototype.copy = copy;
  }
  expect(copied).toBeLessThan(3 * 4096 * 1024);
});

test("the memory of a long line is given up with it", () => {
  const buffer = new GrowingBuffer();
  buffer.append(Buffer.alloc(200_000), 1_000_000);
  buffer.clear();
  buffer.append(Buffer.from("short"), 1_000_000);
  expect(buffer.view().toString()).toBe("short");
  expect(buffer.view().buffer.byteLength).toBeLessThanOrEqual(65_536);
});
