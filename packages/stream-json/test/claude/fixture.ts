// Recordings of the real CLI, made by scripts/record-claude-fixtures.ts.
import { readdirSync, readFileSync } from "node:fs";
import {
  type ClaudeReducerOptions,
  type ClaudeRunResult,
  createClaudeReducer,
  parseEvent,
} from "../../src/index.ts";

const folder = new URL("./fixtures/", import.meta.url);

export interface Fixture {
  readonly lines: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: string;
}

export const fixtureNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(".ndjson"))
  .map((file) => file.slice(0, -".ndjson".length));

export function fixture(name: string): Fixture {
  const read = (ending: string) => readFileSync(new URL(`${name}.${ending}`, folder), "utf8");
  const stdout = read("ndjson");
  const lines = stdout.split("\n").filter((line) => line !== "");
  return { lines, stdout, stderr: read("stderr"), exit: read("exit").trim() };
}

export function reduce(lines: Iterable<string>, options?: ClaudeReducerOptions): ClaudeRunResult {
  const reducer = createClaudeReducer(options);
  for (const line of lines) reducer.push(parseEvent(line));
  return reducer.result();
}
