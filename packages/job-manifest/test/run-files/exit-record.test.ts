import { expect, test } from "vitest";
import {
  EXIT_RECORD_BYTES,
  emptyExitRecord,
  parseExitRecord,
  parseTerminationMessage,
} from "../../src/index.ts";

const whole = {
  version: 1,
  podUid: "uid-1",
  status: 143,
  signal: "SIGTERM",
  failure: null,
  stdoutBytes: 10,
  stderrBytes: 0,
  startedAt: 1000,
  endedAt: 2000,
  end: true,
};
const { end: _end, ...record } = whole;

test("a whole record is read, padding and all", () => {
  expect(parseExitRecord(`${JSON.stringify(whole).padEnd(EXIT_RECORD_BYTES - 1)}\n`)).toEqual(record);
});

test("nothing is a record before its last byte is there", () => {
  const text = JSON.stringify(whole);
  for (let length = 0; length < text.length; length += 1) {
    expect(parseExitRecord(text.slice(0, length))).toBeNull();
    expect(parseExitRecord(text.slice(0, length).padEnd(EXIT_RECORD_BYTES))).toBeNull();
  }
  expect(parseExitRecord(emptyExitRecord())).toBeNull();
  expect(Buffer.byteLength(emptyExitRecord())).toBe(EXIT_RECORD_BYTES);
});

test("what a newer script adds is no obstacle", () => {
  const newer = { ...whole, version: 2, failure: "sun_exploded", more: [1] };
  expect(parseExitRecord(JSON.stringify(newer))).toEqual({ ...record, version: 2, failure: "sun_exploded" });
});

test.each([
  { end: false },
  { version: 0 },
  { version: "1" },
  { podUid: "" },
  { podUid: 7 },
  { status: 256 },
  { status: -1 },
  { status: 1.5 },
  { signal: 15 },
  { failure: "" },
  { stdoutBytes: null },
  { stderrBytes: -1 },
  { startedAt: "now" },
  { endedAt: undefined },
])("a record with %j is none", (wrong) => {
  expect(parseExitRecord(JSON.stringify({ ...whole, ...wrong }))).toBeNull();
});

test.each(["null", "7", "[]", '"end"', "{}", "not json"])("%s is no record", (text) => {
  expect(parseExitRecord(text)).toBeNull();
});

test("the script's termination message is told from anybody else's", () => {
  expect(parseTerminationMessage("disk_full: the volume is full: no room\n")).toEqual({
    failure: "disk_full",
    message: "the volume is full: no room",
  });
  for (const other of [undefined, "", "OOM", "panic: oh no", "Disk_full: x"]) {
    expect(parseTerminationMessage(other)).toBeNull();
  }
});
