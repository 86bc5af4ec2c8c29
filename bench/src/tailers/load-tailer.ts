import type { Tailer } from "./tailer.ts";

/** All tailers by the names that the command line knows. Each is loaded alone, so that none weighs on another. */
const LOADERS = {
  floor: async () => (await import("./floor.ts")).floor,
  ours: async () => (await import("./ours.ts")).ours,
  "ours-reopening": async () => (await import("./ours.ts")).oursReopening,
  "gnu-tail": async () => (await import("./gnu-tail.ts")).gnuTail,
  "gnu-tail-polling": async () => (await import("./gnu-tail.ts")).gnuTailPolling,
  logdna: async () => (await import("./logdna.ts")).logdna,
  "npm-tail": async () => (await import("./npm-tail.ts")).npmTail,
  "npm-tail-watching": async () => (await import("./npm-tail.ts")).npmTailWatching,
  readline: async () => (await import("./readline.ts")).readline,
  naive: async () => (await import("./naive.ts")).naive,
} satisfies Record<string, () => Promise<Tailer>>;

/** A tailer's name on the command line. */
export type TailerId = keyof typeof LOADERS;

/** All of them. */
export const TAILER_IDS: readonly TailerId[] = Object.keys(LOADERS) as TailerId[];

/** Loads one tailer. */
export function loadTailer(id: TailerId): Promise<Tailer> {
  return LOADERS[id]();
}
