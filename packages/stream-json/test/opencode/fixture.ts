import { createOpenCodeReducer, type OpenCodeReducer, parseEvent } from "../../src/index.ts";
import { recordingsIn } from "../support/recordings.ts";

export const { names: fixtureNames, recording: fixture } = recordingsIn(
  new URL("./fixtures/", import.meta.url),
);

/** A reducer that has read all of both streams. */
export function reducerOf({
  lines,
  stderr = "",
}: {
  lines: Iterable<string>;
  stderr?: string;
}): OpenCodeReducer {
  const reducer = createOpenCodeReducer();
  for (const line of lines) reducer.push(parseEvent(line));
  for (const line of stderr.split("\n").slice(0, -1)) reducer.pushStderr(line);
  return reducer;
}

/** What a recording comes to. */
export function resultOf(name: string) {
  return reducerOf(fixture(name)).result();
}
