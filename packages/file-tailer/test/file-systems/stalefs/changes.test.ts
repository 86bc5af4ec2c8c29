import { appendFile, rename, truncate, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type Checkpoint, type TailLine, tailFile } from "../../../src/index.ts";
import { lineOf, QUICK, readAll } from "./follow-both.ts";
import { mountStalefs, STALEFS, WHY_SKIPPED } from "./mount-stalefs.ts";

/** Longer than it takes to believe in what fresh opens show. */
const SEEN_MS = 4000;

const LIES = [
  { lies: "no lies", flags: [] },
  { lies: "a size that lags behind", flags: ["--stat-lag", "1"] },
  { lies: "dead handles and short reads", flags: ["--needs-reopen", "--short-reads"] },
  { lies: "errors", flags: ["--error", "ESTALE=0.05", "--error", "EIO=0.05"] },
] as const;

function fileOf(from: number, to: number): { readonly texts: string[]; readonly bytes: Buffer } {
  const texts = Array.from({ length: to - from }, (_, i) => lineOf(from + i));
  return { texts, bytes: Buffer.from(texts.map((text) => `${text}\n`).join("")) };
}

describe.skipIf(!STALEFS)(`on a file system with${WHY_SKIPPED}`, { concurrent: true }, () => {
  test.each(LIES)("$lies: a renamed file is followed by the new one", async ({ flags }) => {
    await using mounted = await mountStalefs(flags);
    const [path, old, next] = [mounted.writerPath("log"), fileOf(0, 30), fileOf(30, 50)];
    await writeFile(path, old.bytes);
    const tail = tailFile(mounted.readerPath("log"), QUICK);
    const lines: TailLine[] = [];
    const ended = readAll(tail, lines);
    await sleep(1500);
    await rename(path, `${path}.1`);
    await writeFile(path, next.bytes);
    await sleep(SEEN_MS);
    const result = await tail.finish({ expectedBytes: next.bytes.length, timeoutMs: 8000 });
    await ended;
    expect(lines.map(({ text }) => text)).toEqual([...old.texts, ...next.texts]);
    expect(result.complete).toBe(true);
  });

  test.each(LIES)("$lies: a truncated file is read anew", async ({ flags }) => {
    await using mounted = await mountStalefs(flags);
    const [path, old, next] = [mounted.writerPath("log"), fileOf(0, 30), fileOf(40, 50)];
    await writeFile(path, old.bytes);
    const tail = tailFile(mounted.readerPath("log"), QUICK);
    const lines: TailLine[] = [];
    const ended = readAll(tail, lines);
    await sleep(1500);
    await truncate(path);
    await sleep(SEEN_MS);
    await appendFile(path, next.bytes);
    const result = await tail.finish({ expectedBytes: next.bytes.length, timeoutMs: 8000 });
    await ended;
    expect(lines.map(({ text }) => text)).toEqual([...old.texts, ...next.texts]);
    expect(result.complete).toBe(true);
  });

  test.each(LIES)("$lies: another process goes on from a checkpoint", async ({ flags }) => {
    await using mounted = await mountStalefs(flags);
    const { texts, bytes } = fileOf(0, 200);
    const path = mounted.writerPath("log");
    const lines: TailLine[] = [];
    let from: Checkpoint | "start" = "start";
    for (let part = 0; part < 4; part++) {
      await appendFile(path, bytes.subarray((part * bytes.length) / 4, ((part + 1) * bytes.length) / 4));
      const tail = tailFile(mounted.readerPath("log"), { ...QUICK, from });
      const ended = readAll(tail, lines);
      await sleep(400);
      await tail.stop();
      await ended;
      from = JSON.parse(JSON.stringify(tail.checkpoint())) as Checkpoint;
    }
    const last = tailFile(mounted.readerPath("log"), { ...QUICK, from });
    const ended = readAll(last, lines);
    const result = await last.finish({ expectedBytes: bytes.length, timeoutMs: 8000 });
    await ended;
    expect(lines.map(({ text }) => text)).toEqual(texts);
    expect(result).toMatchObject({ complete: true, offset: bytes.length });
  });
});
