import {
  type ClaudeReducerOptions,
  type ClaudeRunResult,
  createClaudeReducer,
  parseEvent,
} from "../../src/index.ts";
import { recordingsIn } from "../support/recordings.ts";

export const { names: fixtureNames, recording: fixture } = recordingsIn(
  new URL("./fixtures/", import.meta.url),
);

export function reduce(lines: Iterable<string>, options?: ClaudeReducerOptions): ClaudeRunResult {
  const reducer = createClaudeReducer(options);
  for (const line of lines) reducer.push(parseEvent(line));
  return reducer.result();
}
