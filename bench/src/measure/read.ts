import { loadTailer, type TailerId } from "../tailers/load-tailer.ts";
import { peakMemory } from "./peak-memory.ts";
import { watchStalls } from "./stalls.ts";
import type { Figures, Task } from "./task.ts";

/** How a tailer looks that has nothing to wait for. */
const OPTIONS = { pollIntervalMs: 250, idlePollIntervalMs: 1000 };

async function untilRead(tailer: TailerId, path: string, lines: number): Promise<number> {
  const { follow } = await loadTailer(tailer);
  const start = performance.now();
  let seen = 0;
  let stop: (() => Promise<void>) | undefined;
  await new Promise<void>((resolve, reject) => {
    const counted = (count: number): void => {
      seen += count;
      if (seen >= lines) resolve();
    };
    const line = (): void => {
      if (++seen >= lines) resolve();
    };
    stop = follow(path, { line, counted, fail: reject }, OPTIONS).stop;
  });
  const took = performance.now() - start;
  await stop?.();
  return took;
}

/** Reads all of a file once. */
export async function measureRead(task: Extract<Task, { kind: "read" }>): Promise<Figures> {
  const stalls = task.watchStalls ? watchStalls() : undefined;
  const cpuBefore = process.cpuUsage();
  const ms = await untilRead(task.tailer, task.path, task.lines);
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ms, cpuMs: (user + system) / 1000, ...peakMemory(), stallMs: stalls?.() ?? 0 };
}
