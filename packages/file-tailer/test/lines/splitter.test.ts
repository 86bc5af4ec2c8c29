import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Splitter, type SplitterOptions } from "../../src/lines/splitter.ts";
import type { TailEvent, TailLine } from "../../src/tail.ts";

interface Split {
  readonly lines: TailLine[];
  readonly events: TailEvent[];
}

/** Cuts the bytes into chunks of these sizes, in turn, and splits them into lines. */
function split(bytes: Uint8Array, sizes: readonly number[], options: Partial<SplitterOptions> = {}): Split {
  const lines: TailLine[] = [];
  const events: TailEvent[] = [];
  const splitter = new Splitter({
    maxLineBytes: 1_000_000,
    longLine: "error",
    invalidUtf8: "replace",
    stripCarriageReturn: false,
    onInvalid: () => {},
    onEvent: (event) => events.push(event),
    ...options,
  });
  const whole = Buffer.from(bytes);
  for (let at = 0, i = 0; at < whole.length; i++) {
    const size = sizes[i % sizes.length]!;
    // One buffer for all reads, overwritten after each, as the reader has it.
    const chunk = Buffer.from(whole.subarray(at, at + size));
    splitter.push(chunk, lines);
    chunk.fill(0xff);
    at += size;
  }
  const rest = splitter.flush();
  if (rest) lines.push(rest);
  return { lines, events };
}

function texts({ lines }: Split): string[] {
  return lines.map((line) => line.text);
}

/** What the lines say the file was. */
function joined({ lines }: Split): string {
  return lines.map(({ text, terminated }) => (terminated ? `${text}\n` : text)).join("");
}

const text = fc.string({ unit: fc.constantFrom("a", "é", "漢", "😀", "\n", "\r", " ", "\0"), maxLength: 80 });
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const maxLineBytes = fc.integer({ min: 1, max: 20 });

describe("splitting", () => {
  test("L10 puts a character together that was split between two reads", () => {
    for (const size of [1, 2, 3, 4, 5]) {
      expect(texts(split(Buffer.from("a😀é漢\nb😀"), [size]))).toEqual(["a😀é漢", "b😀"]);
    }
  });

  test("gives the file back byte for byte, however it was cut", () => {
    fc.assert(
      fc.property(text, sizes, (whole, cuts) => {
        const result = split(Buffer.from(whole), cuts);
        expect(joined(result)).toBe(whole);
        let offset = 0;
        for (const line of result.lines) {
          expect(line.start).toBe(offset);
          offset += Buffer.byteLength(line.text) + (line.terminated ? 1 : 0);
          expect(line.end).toBe(offset);
        }
        expect(offset).toBe(Buffer.byteLength(whole));
      }),
      { seed: 1 },
    );
  });

  test("gives the file back in pieces too, each of at most the limit", () => {
    fc.assert(
      fc.property(text, sizes, maxLineBytes, (whole, cuts, limit) => {
        const result = split(Buffer.from(whole), cuts, { maxLineBytes: limit + 4, longLine: "split" });
        expect(joined(result)).toBe(whole);
        for (const line of result.lines) expect(Buffer.byteLength(line.text)).toBeLessThanOrEqual(limit + 4);
      }),
      { seed: 2 },
    );
  });

  test("gives arbitrary bytes back by the lines' own bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), sizes, (bytes, cuts) => {
        const { lines } = split(bytes, cuts, { invalidUtf8: "bytes" });
        const parts = lines.flatMap((line) => [
          line.bytes ?? Buffer.from(line.text),
          Buffer.from(line.terminated ? "\n" : ""),
        ]);
        expect(Buffer.concat(parts)).toEqual(Buffer.from(bytes));
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  test("truncates or skips the same lines however the chunks were cut", () => {
    fc.assert(
      fc.property(text, sizes, maxLineBytes, (whole, cuts, limit) => {
        const expected = whole.split("\n").filter((line) => Buffer.byteLength(line) <= limit);
        if (whole === "" || whole.endsWith("\n")) expected.pop();
        const skipped = split(Buffer.from(whole), cuts, { maxLineBytes: limit, longLine: "skip" });
        expect(texts(skipped)).toEqual(expected);
        const truncated = split(Buffer.from(whole), cuts, { maxLineBytes: limit, longLine: "truncate" });
        expect(truncated.lines.filter((line) => !line.truncated).map((line) => line.text)).toEqual(expected);
        expect(truncated.events.length).toBe(skipped.events.length);
      }),
      { seed: 4 },
    );
  });
});

describe("carriage returns", () => {
  test("are part of the text", () => {
    expect(texts(split(Buffer.from("a\r\n\r\nb"), [2]))).toEqual(["a\r", "\r", "b"]);
  });

  test("at the end of a line are left out if asked to, one of them", () => {
    const result = split(Buffer.from("a\r\r\nb\rc\n\r\nd\r"), [3], { stripCarriageReturn: true });
    expect(texts(result)).toEqual(["a\r", "b\rc", "", "d\r"]);
    expect(result.lines.map((line) => line.end)).toEqual([4, 8, 10, 12]);
  });
});

describe("bytes that are not UTF-8", () => {
  const bytes = Buffer.from([0x61, 0xff, 0x62, 0x0a, 0x63, 0x0a]);

  test("are replaced, and only in their line", () => {
    expect(texts(split(bytes, [64]))).toEqual(["a\ufffdb", "c"]);
  });

  test("are carried by their line if asked to", () => {
    const { lines } = split(bytes, [64], { invalidUtf8: "bytes" });
    expect(lines[0]!.bytes).toEqual(new Uint8Array([0x61, 0xff, 0x62]));
    expect(lines[1]).not.toHaveProperty("bytes");
  });

  test("fail the tail if asked to, with the line's offset", () => {
    const failing = (): Split => split(Buffer.from([0x63, 0x0a, 0xff, 0x0a]), [64], { invalidUtf8: "error" });
    expect(failing).toThrow(expect.objectContaining({ code: "invalid_utf8", offset: 2 }));
  });
});
