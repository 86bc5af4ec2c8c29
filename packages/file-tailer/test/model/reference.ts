// Knows every byte that was written, and so which lines a tail must deliver. As simple as it can be.
import type { TailLine } from "../../src/index.ts";

/** The file's history as its writer knows it. */
export class Reference {
  readonly #earlier: TailLine[] = [];
  #bytes = Buffer.alloc(0);
  /** Where in the file the lines begin that are not among the earlier ones. */
  #from = 0;

  /** How many bytes the file has. */
  get length(): number {
    return this.#bytes.length;
  }

  /** The writer added to the file. */
  append(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
  }

  /** The file was emptied or replaced. */
  startOver(): void {
    this.cut(0);
  }

  /** The file was cut at the end of a line that was delivered. */
  cut(length: number): void {
    this.#earlier.push(...linesOf(this.#bytes, this.#from));
    this.#bytes = this.#bytes.subarray(0, length);
    this.#from = length;
  }

  /** Where lines end that are in the file, and that the file can be cut at. */
  lineEnds(): number[] {
    return linesOf(this.#bytes, 0).flatMap(({ end, terminated }) => (terminated ? [end] : []));
  }

  /** All lines, the unterminated last ones of each file included. */
  lines(): TailLine[] {
    return [...this.#earlier, ...linesOf(this.#bytes, this.#from)];
  }
}

function linesOf(bytes: Buffer, from: number): TailLine[] {
  const lines: TailLine[] = [];
  let start = from;
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] !== 0x0a) continue;
    lines.push({ text: bytes.toString("utf8", start, at), start, end: at + 1, terminated: true });
    start = at + 1;
  }
  if (start < bytes.length) {
    lines.push({ text: bytes.toString("utf8", start), start, end: bytes.length, terminated: false });
  }
  return lines;
}
