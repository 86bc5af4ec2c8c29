import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { loadTailer } from "../tailers/load-tailer.ts";
import type { Figures, Task } from "./task.ts";

/** CPU time of another process in ms, exact where the kernel says it in ns. */
function cpuMsOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
}

function cpuMs(pids: readonly number[]): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0);
}

/** Follows files that do not grow, and notes the CPU time of a window. */
export async function measureIdle(task: Extract<Task, { kind: "idle" }>): Promise<Figures> {
  const { follow } = await loadTailer(task.tailer);
  const { pollIntervalMs } = task;
  const options = { pollIntervalMs, idlePollIntervalMs: pollIntervalMs };
  const sink = {
    line: () => {},
    counted: () => {},
    fail: (error: unknown) => {
      throw error;
    },
  };
  const followings = task.paths.map((path) => follow(path, sink, options));
  await sleep(task.settleMs);
  const pids = followings.flatMap((following) => following.pids);
  const before = cpuMs(pids);
  await sleep(task.windowMs);
  const used = cpuMs(pids) - before;
  await Promise.all(followings.map((following) => following.stop()));
  return { cpuMs: used, cpuMsPer30s: (used * 30_000) / task.windowMs };
}
