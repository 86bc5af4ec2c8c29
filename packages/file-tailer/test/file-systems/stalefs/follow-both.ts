// A writer on one side of a file system, our tailer and a naive one on the other.
import { appendFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type FinishResult,
  type Tail,
  type TailLine,
  type TailOptions,
  tailFile,
} from "../../../src/index.ts";
import type { Mounted } from "./mount-stalefs.ts";
import { naiveTail } from "./naive-tail.ts";

const NAME = "run.ndjson";
const LINES = 120;

/** Waits that suit a file system whose faults last for parts of a second. */
export const QUICK: TailOptions = {
  pollIntervalMs: 25,
  idlePollIntervalMs: 50,
  nulHoldMs: 4000,
  retryMaxMs: 100,
  truncationConfirmMs: 1500,
};

/** The line of a number: of another length each, some with text that is not ASCII. */
export function lineOf(i: number): string {
  return `{"n":${i},"text":"${"é漢😀a".repeat(i % 17)}"}`;
}

/** What a reader made of a file. */
export interface Read {
  readonly lines: readonly TailLine[];
  readonly result: FinishResult;
}

/** What was written, and what both tailers made of it. */
export interface Followed {
  readonly texts: readonly string[];
  readonly expectedBytes: number;
  readonly ours: Read;
  readonly naive: readonly string[];
}

/** Consumes a tail; the result is there once it has ended. */
export async function readAll(tail: Tail, lines: TailLine[]): Promise<void> {
  for await (const batch of tail) lines.push(...batch);
}

/** Writes lines in pieces that end anywhere, while both tailers follow. */
export async function followBoth(mounted: Mounted): Promise<Followed> {
  const texts = Array.from({ length: LINES }, (_, i) => lineOf(i));
  const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(""));
  await appendFile(mounted.writerPath(NAME), bytes.subarray(0, 300));
  const tail = tailFile(mounted.readerPath(NAME), QUICK);
  const lines: TailLine[] = [];
  const ended = readAll(tail, lines);
  const naive = await naiveTail(mounted.readerPath(NAME), 25);
  const piece = Math.ceil((bytes.length - 300) / 60);
  for (let at = 300; at < bytes.length; at += piece) {
    await appendFile(mounted.writerPath(NAME), bytes.subarray(at, at + piece));
    await sleep(25);
  }
  const found = await naive.finish();
  const result = await tail.finish({ expectedBytes: bytes.length, timeoutMs: 10_000 });
  await ended;
  return { texts, expectedBytes: bytes.length, ours: { lines, result }, naive: found };
}
