import { describe, expect, test } from "vitest";
import { createScheduler, type FinishOptions, type TailOptions, tailFile } from "../src/index.ts";

/** What a program without types may pass. */
const wrong: readonly (readonly [string, Record<string, unknown>, string])[] = [
  [
    "a text for a number",
    { pollIntervalMs: "250" },
    "pollIntervalMs must be a number from 1 to 86400000, not 250",
  ],
  [
    "no end to an interval",
    { pollIntervalMs: Number.POSITIVE_INFINITY },
    "pollIntervalMs must be a number from 1",
  ],
  ["no number", { idlePollIntervalMs: Number.NaN }, "idlePollIntervalMs must be a number"],
  [
    "a buffer without end",
    { readBufferBytes: Number.POSITIVE_INFINITY },
    "readBufferBytes must be a whole number",
  ],
  [
    "a buffer that no machine has",
    { readBufferBytes: 2 ** 40 },
    "readBufferBytes must be a whole number from 1024",
  ],
  ["half a byte", { maxLineBytes: 1.5 }, "maxLineBytes must be a whole number"],
  ["a wait below zero", { nulHoldMs: -1 }, "nulHoldMs must be a number of at least 0"],
  ["no signal", { signal: {} }, "signal must be an AbortSignal"],
  ["no function", { onEvent: 5 }, "onEvent must be a function"],
  ["no such choice", { longLine: "cut" }, "longLine must be one of error, truncate, skip, split"],
  ["no place to begin", { from: -1 }, "from must be"],
];

describe("an option that cannot be used is refused by its name", () => {
  test.each(wrong)("%s", (_, options, message) => {
    expect(() => tailFile("run.log", options as TailOptions)).toThrow(message);
    expect(() => tailFile("run.log", options as TailOptions)).toThrow(
      expect.objectContaining({ code: "invalid_option", path: "run.log" }),
    );
  });

  test.each([0, -1, 1.5, Number.NaN, "3"])("a scheduler that lets %s operations run", (maxInFlight) => {
    expect(() => createScheduler({ maxInFlight: maxInFlight as number })).toThrow(
      expect.objectContaining({ code: "invalid_option" }),
    );
  });

  test.each([
    { expectedBytes: Number.NaN },
    { expectedBytes: -5 },
    { expectedBytes: 1.5 },
    { timeoutMs: -1 },
    { timeoutMs: "5" },
  ])("a finish with %o", (options) => {
    expect(() => tailFile("run.log").finish(options as FinishOptions)).toThrow(
      expect.objectContaining({ code: "invalid_option", path: "run.log" }),
    );
  });
});
