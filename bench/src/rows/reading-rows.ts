// The rows about a file that is complete: how fast, with how much memory, with which stalls.
import { join } from "node:path";
import type { LineShape } from "../corpus/make-block.ts";
import { makeFile } from "../corpus/make-file.ts";
import { inChild } from "../measure/in-child.ts";
import type { Outcome } from "../measure/task.ts";
import type { TailerId } from "../tailers/load-tailer.ts";
import type { Bench, Rounds, Row } from "./row.ts";

const MIB = 2 ** 20;
const TIMEOUT_MS = 30_000;
const TAILERS: readonly TailerId[] = ["floor", "ours", "gnu-tail", "logdna", "npm-tail", "readline", "naive"];
const MIXED: LineShape = { least: 200, most: 20_000, nonAscii: false };

const TIME = [
  { title: "time / floor", figure: "ms", toFloor: true, digits: 2 },
  { title: "best / floor's best", figure: "ms", toFloor: true, best: true, digits: 2 },
  { title: "CPU / floor", figure: "cpuMs", toFloor: true, digits: 2 },
  { title: "time, s", figure: "s", digits: 2 },
  { title: "CPU, s", figure: "cpuS", digits: 2 },
] as const;
const MEMORY = [
  { title: "peak RSS, MB", figure: "rssMb", digits: 0 },
  { title: "of it private, MB", figure: "privateMb", digits: 0 },
] as const;
const STALL = { title: "longest stall, ms", figure: "stallMs", digits: 1 } as const;

interface Reading {
  readonly file: string;
  readonly shape: LineShape;
  readonly bytes: (bench: Bench) => number;
  readonly watchStalls?: boolean;
}

function reading({ file, shape, bytes, watchStalls = false }: Reading): (bench: Bench) => Promise<Rounds> {
  return async (bench) => {
    const size = bytes(bench);
    const { path, lines } = await makeFile(join(bench.folder, `${file}-${size}`), shape, size);
    return async (tailers) => {
      const outcomes = new Map<TailerId, Outcome>();
      for (const tailer of tailers) {
        const task = { kind: "read", tailer, path, lines, watchStalls } as const;
        const outcome = await inChild(bench.program, task, TIMEOUT_MS);
        outcomes.set(tailer, outcome.ok ? inSeconds(outcome) : outcome);
      }
      return outcomes;
    };
  };
}

function inSeconds({ figures }: Extract<Outcome, { ok: true }>): Outcome {
  const { ms = 0, cpuMs = 0 } = figures;
  return { ok: true, figures: { ...figures, s: ms / 1000, cpuS: cpuMs / 1000 } };
}

/** The rows that read a complete file. */
export const READING_ROWS: readonly Row[] = [
  {
    id: "mixed",
    title: "Large file, NDJSON lines of 200 B to 20 kB, from offset 0",
    target: "at most 2.0 × the floor",
    columns: [...TIME, ...MEMORY],
    tailers: TAILERS,
    prepare: reading({ file: "mixed", shape: MIXED, bytes: ({ bytes }) => bytes }),
  },
  {
    id: "short",
    title: "The same with lines of 265 B",
    target: "at most 2.5 × the floor",
    columns: [...TIME, ...MEMORY],
    tailers: TAILERS,
    prepare: reading({
      file: "short",
      shape: { least: 265, most: 265, nonAscii: false },
      bytes: ({ bytes }) => bytes,
    }),
  },
  {
    id: "text",
    title: "Lines of 200 B to 20 kB, one in eight with text that is not ASCII",
    target: "none",
    columns: [...TIME, ...MEMORY],
    tailers: TAILERS,
    prepare: reading({
      file: "text",
      shape: { ...MIXED, nonAscii: true },
      bytes: ({ bytes }) => Math.min(bytes, 512 * MIB),
    }),
  },
  {
    id: "memory",
    title: "Peak memory at twice the large file's size",
    target: "at most 75 MB",
    columns: [...MEMORY, ...TIME],
    tailers: ["floor", "ours", "gnu-tail", "logdna", "readline"],
    prepare: reading({ file: "mixed", shape: MIXED, bytes: ({ bytes }) => bytes * 2 }),
  },
  {
    id: "stall",
    title: "Longest stall of the event loop, 256 MiB",
    target: "at most 10 ms",
    columns: [STALL, ...TIME],
    tailers: TAILERS,
    prepare: reading({
      file: "mixed",
      shape: MIXED,
      bytes: ({ bytes }) => Math.min(bytes, 256 * MIB),
      watchStalls: true,
    }),
  },
  {
    id: "long-line",
    title: "One line of 64 MiB",
    target: "at most 0.5 s",
    columns: [{ title: "time, s", figure: "s", digits: 2 }, ...MEMORY],
    tailers: TAILERS,
    prepare: reading({
      file: "long-line",
      shape: { least: 64 * MIB, most: 64 * MIB, nonAscii: false },
      bytes: () => 1,
    }),
  },
];
