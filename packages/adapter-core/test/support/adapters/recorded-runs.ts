import { recordingsIn } from "../../../../stream-json/test/support/recordings.ts";

/** What a CLI printed in one situation, and how its process ended. */
export interface RecordedRun {
  readonly lines: readonly string[];
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** The recordings of a CLI, by the name of its folder. */
export function recordedRuns(cli: "claude" | "opencode") {
  const folder = new URL(`../../../../stream-json/test/${cli}/fixtures/`, import.meta.url);
  const { names, recording } = recordingsIn(folder);
  return {
    names,
    run(name: string): RecordedRun {
      const { lines, stderr, exit } = recording(name);
      const exitCode = /^\d+$/.test(exit) ? Number(exit) : null;
      return { lines, stderr, exitCode, signal: exitCode === null ? exit : null };
    },
  };
}
