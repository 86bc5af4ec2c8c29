// Knows every byte that was written, and so which lines a tail must deliver. As simple as it can be.
import type { TailLine } from "../../src/index.ts";

/** The file's history as its writer knows it. */
export class Reference {
  readonly #earlier: TailLine[] = [];
  #bytes = Buffer.alloc(0);

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
    this.#earlier.push(...linesOf(this.#bytes));
    this.#bytes = Buffer.alloc(0);
  }

  /** All lines, the unterminated last ones of each file included. */
  lines(): TailLine[] {
    return [...this.#earlier, ...linesOf(this.#bytes)];
  }
}

function linesOf(bytes: Buffer): TailLine[] {
  const lines: TailLine[] = [];
  let start = 0;
  for (const [at, byte] of bytes.entries()) {
    if (byte !== 0x0a) continue;
    lines.push({ text: bytes.toString("utf8", start, at), start, end: at + 1, terminated: true });
    start = at + 1;
  }
  if (start < bytes.length) {
    lines.push({ text: bytes.toString("utf8", start), start, end: bytes.length, terminated: false });
  }
  return lines;
}
