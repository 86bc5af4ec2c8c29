// The rows about a file that grows slowly or not at all: how soon a line is seen, and what waiting costs.
// All tailers are measured side by side, since they hardly use the machine.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inChild } from "../measure/in-child.ts";
import type { Outcome, Task } from "../measure/task.ts";
import type { TailerId } from "../tailers/load-tailer.ts";
import type { Bench, Rounds, Row } from "./row.ts";

const POLL_MS = 250;
const LINES = 400;
const IDLE_FILES = 200;
const IDLE_POLL_MS = 1000;
/** Longer than all tailers take to start and to see that nothing grows. */
const SETTLE_MS = 10_000;
const TIMEOUT_MS = 180_000;

function deliver({ folder, program }: Bench): Promise<Rounds> {
  return Promise.resolve(async (tailers) => {
    const paths = tailers.map((tailer) => join(folder, `growing-${tailer}`));
    for (const path of paths) await writeFile(path, "");
    const tasks = tailers.map((tailer, i): Task => {
      return { kind: "deliver", tailer, path: paths[i] ?? "", lines: LINES, pollIntervalMs: POLL_MS };
    });
    const append: Task = { kind: "append", paths, lines: LINES, everyMs: 20 };
    const all = [...tasks, append].map((task) => inChild(program, task, TIMEOUT_MS));
    return byTailer(tailers, await Promise.all(all));
  });
}

async function idle({ folder, program, idleMs }: Bench): Promise<Rounds> {
  const paths = Array.from({ length: IDLE_FILES }, (_, i) => join(folder, `idle-${i}`));
  for (const path of paths) await writeFile(path, "a first line\nand a second one\n");
  return async (tailers) => {
    const tasks = tailers.map((tailer): Task => {
      const times = { settleMs: SETTLE_MS, windowMs: idleMs, pollIntervalMs: IDLE_POLL_MS };
      return { kind: "idle", tailer, paths, ...times };
    });
    return byTailer(tailers, await Promise.all(tasks.map((task) => inChild(program, task, TIMEOUT_MS))));
  };
}

function byTailer(
  tailers: readonly TailerId[],
  outcomes: readonly Outcome[],
): ReadonlyMap<TailerId, Outcome> {
  const missing: Outcome = { ok: false, why: "not measured" };
  return new Map(tailers.map((tailer, i) => [tailer, outcomes[i] ?? missing]));
}

/** The rows that wait. */
export const WAITING_ROWS: readonly Row[] = [
  {
    id: "delivery",
    title: `From append to delivery, polling every ${POLL_MS} ms`,
    target: `p99 at most ${POLL_MS + 10} ms`,
    columns: [
      { title: "p99, ms", figure: "p99Ms", digits: 1 },
      { title: "p50, ms", figure: "p50Ms", digits: 1 },
      { title: "max, ms", figure: "maxMs", digits: 1 },
    ],
    tailers: ["ours", "ours-reopening", "gnu-tail", "gnu-tail-polling", "logdna", "npm-tail", "naive"],
    prepare: deliver,
  },
  {
    id: "idle",
    title: `${IDLE_FILES} idle files, polled every second`,
    target: "at most 100 ms of CPU in 30 s",
    columns: [{ title: "CPU per 30 s, ms", figure: "cpuMsPer30s", digits: 0 }],
    tailers: ["ours", "ours-reopening", "gnu-tail", "gnu-tail-polling", "logdna", "npm-tail", "naive"],
    prepare: idle,
  },
];
