// Recordings of the real CLIs, made by scripts/record-*-fixtures.ts.
import { readdirSync, readFileSync } from "node:fs";

/** What a CLI printed in one situation. */
export interface Recording {
  readonly lines: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  /** The exit code, or the name of the signal. */
  readonly exit: string;
}

/** The recordings of one CLI. */
export interface Recordings {
  readonly names: readonly string[];
  recording(name: string): Recording;
}

/** The recordings in a folder. */
export function recordingsIn(folder: URL): Recordings {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".ndjson"))
    .map((file) => file.slice(0, -".ndjson".length));
  return {
    names,
    recording(name) {
      const read = (ending: string) => readFileSync(new URL(`${name}.${ending}`, folder), "utf8");
      const stdout = read("ndjson");
      const lines = stdout.split("\n").filter((line) => line !== "");
      return { lines, stdout, stderr: read("stderr"), exit: read("exit").trim() };
    },
  };
}
