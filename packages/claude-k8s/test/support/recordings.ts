import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../../stream-json/test/claude/fixtures/", import.meta.url);

/** What the real Claude Code printed in one situation. */
export interface Recording {
  readonly lines: readonly string[];
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** The recording of a situation. */
export function recording(name: string): Recording {
  const read = (ending: string): string => readFileSync(new URL(`${name}.${ending}`, folder), "utf8");
  const end = read("exit").trim();
  const exitCode = /^\d+$/.test(end) ? Number(end) : null;
  const lines = read("ndjson").split("\n").filter(Boolean);
  return { lines, stderr: read("stderr"), exitCode, signal: exitCode === null ? end : null };
}

/** The names of all recordings. */
export function recordings(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ndjson"))
    .map((name) => name.slice(0, -".ndjson".length));
}
