// From the bytes of complete lines to text, one line at a time.
// A string for each line costs less than slices of one large string, and none keeps its neighbours in memory.
import { isAscii, isUtf8 } from "node:buffer";
import { FileTailerError } from "../errors.ts";
import type { TailLine } from "../tail.ts";

/** What happens to a line that is not valid UTF-8. */
export type InvalidUtf8Policy = "replace" | "bytes" | "error";

/** How bytes become text. */
export interface DecodeOptions {
  /** `replace`: U+FFFD in the text; `bytes`: that, and the line carries its bytes; `error`: the tail fails. */
  readonly invalidUtf8: InvalidUtf8Policy;
  /** Whether a carriage return at a line's end is left out of its text. */
  readonly stripCarriageReturn: boolean;
  /** Called for each line that is not valid UTF-8. */
  readonly onInvalid: () => void;
}

/** Where a line lies in the file. */
export interface LineSpan {
  /** Byte offset of the first byte. */
  readonly start: number;
  /** Byte offset after the last byte, newline included. */
  readonly end: number;
  /** Whether a newline ends it. */
  readonly terminated: boolean;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

function withoutCarriageReturn(bytes: Buffer): Buffer {
  return bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes;
}

/** Decodes one line, its newline excluded. Throws `invalid_utf8` if the policy says so. */
export function decodeLine(line: Buffer, span: LineSpan, options: DecodeOptions): TailLine {
  const { start, end, terminated } = span;
  const bytes = options.stripCarriageReturn && terminated ? withoutCarriageReturn(line) : line;
  const text = bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
  if (isUtf8(bytes)) return { text, start, end, terminated };
  if (options.invalidUtf8 === "error") {
    throw new FileTailerError("invalid_utf8", `The line at byte ${start} is not valid UTF-8`, {
      offset: start,
    });
  }
  options.onInvalid();
  // Copied, since the buffer underneath is read into again.
  return options.invalidUtf8 === "bytes"
    ? { text, start, end, terminated, bytes: new Uint8Array(bytes) }
    : { text, start, end, terminated };
}

/**
 * Decodes a block of complete lines that begins at byte `base` of the file and ends with a newline, and appends
 * them to `lines`.
 */
export function decodeLines(block: Buffer, base: number, lines: TailLine[], options: DecodeOptions): void {
  const ascii = isAscii(block);
  const plain = !options.stripCarriageReturn && (ascii || isUtf8(block));
  let from = 0;
  while (from < block.length) {
    const newline = block.indexOf(NEWLINE, from);
    const start = base + from;
    const end = base + newline + 1;
    if (plain) lines.push({ text: textOf(block, from, newline, ascii), start, end, terminated: true });
    else lines.push(decodeLine(block.subarray(from, newline), { start, end, terminated: true }, options));
    from = newline + 1;
  }
}

/** What `toString` calls once it has looked at its arguments, which for short lines takes a third of the time. */
interface Slices {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}

function textOf(block: Buffer, from: number, to: number, ascii: boolean): string {
  const slices = block as Buffer & Slices;
  return ascii ? slices.latin1Slice(from, to) : slices.utf8Slice(from, to);
}

/** How many bytes at the end of `bytes` are the beginning of a character that is not complete yet: 0 to 3. */
export function incompleteCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needs > back ? back : 0;
  }
  return 0;
}
