import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { FileTailerError, tailFile } from "../src/index.ts";
import { PATH, startRig } from "./support/rig.ts";

describe("tailFile", () => {
  test("delivers complete lines with the offsets of their bytes", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "eins\nzwölf\n\n"));
    expect(rig.lines).toEqual([
      { text: "eins", start: 0, end: 5, terminated: true },
      { text: "zwölf", start: 5, end: 12, terminated: true },
      { text: "", start: 12, end: 13, terminated: true },
    ]);
  });

  test("keeps a partial last line back until its newline comes", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "whole\npart"));
    expect(rig.texts()).toEqual(["whole"]);
    rig.fs.append(PATH, "ial\n");
    await rig.advance(250);
    expect(rig.lines[1]).toEqual({ text: "partial", start: 6, end: 14, terminated: true });
  });

  test("delivers a line again neither after silence nor after many writes", async () => {
    const rig = await startRig();
    const expected: string[] = [];
    for (let i = 0; i < 60; i++) {
      const text = `line ${i} ${"x".repeat(i * 7)}`;
      expected.push(text);
      rig.fs.append(PATH, `${text}\n`);
      await rig.advance(i % 7 === 0 ? 5000 : 250);
    }
    expect(rig.texts()).toEqual(expected);
  });

  test("tells when the file was entered, and where", async () => {
    const rig = await startRig({ from: "end" });
    await rig.advance(1000);
    expect(rig.entered).toEqual([]);
    rig.fs.append(PATH, "old\n");
    await rig.advance(1000);
    expect(rig.entered).toEqual([0]);
    const later = await startRig({ from: "end" }, (fs) => fs.append(PATH, "old\n"));
    expect(later.entered).toEqual([4]);
    expect(later.tail.checkpoint().offset).toBe(4);
  });

  test("L4 three minutes of silence are not the end", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "before\n"));
    await rig.advance(180_000);
    expect(rig.failure()).toBeUndefined();
    rig.fs.append(PATH, "after\n");
    await rig.advance(1000);
    expect(rig.texts()).toEqual(["before", "after"]);
  });

  test("counts what it did", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\ntwo\nrest"));
    await rig.advance(250);
    expect(rig.tail.stats()).toMatchObject({
      bytes: 8,
      lines: 2,
      batches: 1,
      offset: 12,
      deliveredOffset: 8,
      polls: 2,
    });
  });

  test("begins behind what is there if asked to", async () => {
    const rig = await startRig({ from: "end" }, (fs) => fs.append(PATH, "old\n"));
    rig.fs.append(PATH, "new\n");
    await rig.advance(250);
    expect(rig.lines).toEqual([{ text: "new", start: 4, end: 8, terminated: true }]);
  });

  test("finds the end by reading where the size is stale", async () => {
    for (const lie of [3, 4000]) {
      const rig = await startRig({ from: "end" }, (fs) => {
        fs.append(PATH, "old\n".repeat(700));
        fs.lies.size = () => lie;
      });
      rig.fs.append(PATH, "new\n");
      await rig.advance(250);
      expect(rig.lines).toEqual([{ text: "new", start: 2800, end: 2804, terminated: true }]);
    }
  });

  test("takes all of a file that came after the start as new, from the end too", async () => {
    const rig = await startRig({ from: "end" });
    rig.fs.append(PATH, "first\n");
    await rig.advance(250);
    expect(rig.texts()).toEqual(["first"]);
  });

  test("begins at a byte offset", async () => {
    const rig = await startRig({ from: 4 }, (fs) => fs.append(PATH, "one\ntwo\n"));
    expect(rig.lines).toEqual([{ text: "two", start: 4, end: 8, terminated: true }]);
  });

  test("fails if the file never reaches the offset to begin at", async () => {
    const rig = await startRig({ from: 400 }, (fs) => fs.append(PATH, "one\n"));
    await rig.advance(29_000);
    expect(rig.failure()).toBeUndefined();
    await rig.advance(2000);
    expect(rig.failure()).toMatchObject({ code: "offset_beyond_end", offset: 400 });
  });

  test("can be iterated once only", () => {
    const tail = tailFile(PATH);
    tail[Symbol.asyncIterator]();
    expect(() => tail[Symbol.asyncIterator]()).toThrow(expect.objectContaining({ code: "already_iterated" }));
  });

  test.each([
    { pollIntervalMs: 0 },
    { readBufferBytes: 10 },
    { maxLineBytes: Number.NaN },
    { from: -1 },
    { from: { version: 2 } as never },
    { longLine: "explode" as never },
  ])("refuses %j", (options) => {
    expect(() => tailFile(PATH, options)).toThrow(FileTailerError);
  });
});

describe("on the real file system", () => {
  const directory = mkdtemp(join(tmpdir(), "file-tailer-"));
  afterAll(async () => rm(await directory, { recursive: true }));

  test("L5 all output of a writer that ended at once is there", async () => {
    const path = join(await directory, "short.ndjson");
    await writeFile(path, '{"a":1}\n{"b":2}\nlast');
    await using tail = tailFile(path, { pollIntervalMs: 5 });
    const finished = tail.finish({ expectedBytes: 20 });
    const texts: string[] = [];
    for await (const batch of tail) texts.push(...batch.map((line) => line.text));
    expect(texts).toEqual(['{"a":1}', '{"b":2}', "last"]);
    expect(await finished).toMatchObject({ complete: true, reason: "complete", bytes: 20, lines: 3 });
  });

  test("refuses a directory", async () => {
    const tail = tailFile(await directory);
    await expect(tail[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "not_a_file" });
  });
});
