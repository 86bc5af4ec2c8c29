import { appendFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { loadTailer } from "../tailers/load-tailer.ts";
import type { Figures, Task } from "./task.ts";

const PADDING = "x".repeat(200);

/** Appends lines with the time on the clock that all processes of a machine share. */
export async function append({ paths, lines, everyMs }: Extract<Task, { kind: "append" }>): Promise<Figures> {
  for (let i = 0; i < lines; i++) {
    // A step that shares no factor with the poll intervals, so that all their phases are met.
    await sleep(everyMs + (i % 7));
    for (const path of paths) await appendFile(path, `${process.hrtime.bigint()} ${PADDING}\n`);
  }
  return {};
}

/** The time in ms below which the share lies. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Follows a growing file and notes how long each line was on its way. */
export async function measureDelivery(task: Extract<Task, { kind: "deliver" }>): Promise<Figures> {
  const { follow } = await loadTailer(task.tailer);
  const delays: number[] = [];
  let stop: (() => Promise<void>) | undefined;
  await new Promise<void>((resolve, reject) => {
    const line = (text: string): void => {
      const written = BigInt(text.slice(0, text.indexOf(" ")));
      delays.push(Number(process.hrtime.bigint() - written) / 1e6);
      if (delays.length >= task.lines) resolve();
    };
    const { pollIntervalMs } = task;
    const options = { pollIntervalMs, idlePollIntervalMs: pollIntervalMs };
    stop = follow(task.path, { line, counted: () => {}, fail: reject }, options).stop;
  });
  await stop?.();
  delays.sort((a, b) => a - b);
  return { p50Ms: percentile(delays, 0.5), p99Ms: percentile(delays, 0.99), maxMs: delays.at(-1) ?? 0 };
}
