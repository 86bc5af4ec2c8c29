import fc from "fast-check";
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

/** A record as the script writes it. */
const anyRecord = fc
  .record({
    version: fc.constant(1),
    podUid: fc.uuid(),
    status: fc.nat(255),
    signal: fc.constantFrom(null, "SIGTERM", "SIGKILL"),
    failure: fc.constantFrom(null, "disk_full", "lease_expired"),
    stdoutBytes: fc.nat(),
    stderrBytes: fc.nat(),
    startedAt: fc.nat(),
    endedAt: fc.nat(),
    end: fc.constant(true),
  })
  .map((fields) => `${JSON.stringify(fields).padEnd(EXIT_RECORD_BYTES - 1)}\n`);

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

test("what a newer script adds is no obstacle, and its version is told", () => {
  const newer = { ...whole, version: 2, failure: "sun_exploded", more: [1], usage: { cpuMs: 7 } };
  expect(parseExitRecord(JSON.stringify(newer))).toEqual({ ...record, version: 2, failure: "sun_exploded" });
});

test("a newer script that leaves out what version 1 says is not understood", () => {
  for (const name of Object.keys(record)) {
    const { [name]: _, ...less } = { ...whole, version: 2 } as Record<string, unknown>;
    expect(parseExitRecord(JSON.stringify(less))).toBeNull();
  }
});

test("at no moment of writing is a half record taken for a whole one: neither of the blanks nor of the new one", () => {
  fc.assert(
    fc.property(anyRecord, anyRecord, (former, next) => {
      const blank = emptyExitRecord();
      const written = [former, blank, next].map((text) => Buffer.from(text));
      for (const [index, text] of written.entries()) {
        const before = written[index - 1] ?? Buffer.from(blank);
        for (let cut = 0; cut <= text.length; cut += 1) {
          const read = parseExitRecord(
            Buffer.concat([text.subarray(0, cut), before.subarray(cut)]).toString(),
          );
          if (read === null) continue;
          // Whole is what is there when nothing or all has been replaced, down to the padding.
          expect([former, next].map((one) => parseExitRecord(one))).toContainEqual(read);
        }
      }
    }),
    { seed: 7, numRuns: 15 },
  );
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
