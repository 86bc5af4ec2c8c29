// What is remembered of the bytes that were read: enough to recognise the file again by its content.

const HEAD_BYTES = 256;
/** How many bytes before the offset are remembered. */
export const RECENT_BYTES = 64;

/**
 * How bytes that were read again compare to those remembered: `same`, `short` (the file ends before them), `nul`
 * (zeros where there was text, as a network file system shows pages that it has not fetched), or `different`.
 */
export type Comparison = "same" | "short" | "nul" | "different";

/** Some bytes of a file, and where they lie. */
export interface Excerpt {
  /** Byte offset of the first one. */
  readonly start: number;
  /** The bytes. */
  readonly bytes: Buffer;
}

/** Compares what was remembered to what was read in its place. */
export function compareBytes(remembered: Buffer, read: Buffer): Comparison {
  if (read.length >= remembered.length && remembered.compare(read, 0, remembered.length) === 0) return "same";
  let zeros = false;
  for (let i = 0; i < Math.min(remembered.length, read.length); i++) {
    // A zero that was delivered as a hole may have been filled since.
    if (remembered[i] === read[i] || remembered[i] === 0) continue;
    if (read[i] !== 0) return "different";
    zeros = true;
  }
  if (zeros) return "nul";
  return read.length < remembered.length ? "short" : "same";
}

/** The first bytes of the file, the last ones that were read, and those before the end of the last whole line. */
export class History {
  readonly #head = Buffer.alloc(HEAD_BYTES);
  readonly #recent = Buffer.alloc(RECENT_BYTES);
  readonly #cut = Buffer.alloc(RECENT_BYTES);
  readonly #delivered = Buffer.alloc(RECENT_BYTES);
  #headLength = 0;
  #recentLength = 0;
  #cutLength = 0;
  #deliveredLength = 0;
  #offset = 0;
  #cutOffset = 0;
  #deliveredOffset = 0;

  /** Byte offset up to which the file was read. */
  get offset(): number {
    return this.#offset;
  }

  /** Byte offset up to which lines were made of what was read. */
  get cutOffset(): number {
    return this.#cutOffset;
  }

  /** Byte offset up to which lines were handed to the consumer. */
  get deliveredOffset(): number {
    return this.#deliveredOffset;
  }

  /** The file's first bytes. */
  head(): Excerpt {
    return { start: 0, bytes: this.#head.subarray(0, this.#headLength) };
  }

  /** The bytes just before the offset. */
  recent(): Excerpt {
    return {
      start: this.#offset - this.#recentLength,
      bytes: this.#recent.subarray(0, this.#recentLength),
    };
  }

  /** The bytes just before the delivered offset. */
  delivered(): Excerpt {
    const bytes = this.#delivered.subarray(0, this.#deliveredLength);
    return { start: this.#deliveredOffset - this.#deliveredLength, bytes };
  }

  /** Takes note of bytes that were read at the offset. */
  push(chunk: Buffer): void {
    if (this.#headLength === this.#offset && this.#headLength < HEAD_BYTES) {
      this.#headLength += chunk.copy(this.#head, this.#headLength, 0, HEAD_BYTES - this.#headLength);
    }
    if (chunk.length >= RECENT_BYTES) {
      this.#recentLength = chunk.copy(this.#recent, 0, chunk.length - RECENT_BYTES);
    } else {
      const keep = Math.min(this.#recentLength, RECENT_BYTES - chunk.length);
      this.#recent.copyWithin(0, this.#recentLength - keep, this.#recentLength);
      this.#recentLength = keep + chunk.copy(this.#recent, keep);
    }
    this.#offset += chunk.length;
  }

  /** Takes note that lines were made of all up to this offset, at or a little before the one read. */
  cut(offset: number): void {
    this.#cutLength = Math.max(0, this.#recentLength - (this.#offset - offset));
    this.#recent.copy(this.#cut, 0, 0, this.#cutLength);
    this.#cutOffset = offset;
  }

  /** Takes note that the consumer gets all lines that were made. A read that a stop overtook never gets here. */
  handOver(): void {
    this.#deliveredLength = this.#cut.copy(this.#delivered, 0, 0, this.#cutLength);
    this.#deliveredOffset = this.#cutOffset;
  }

  /** Starts anew: at the file's start, or at an offset with the bytes around it. */
  reset(offset: number, head: Buffer, recent: Buffer): void {
    this.#offset = offset;
    this.#headLength = head.copy(this.#head, 0, 0, HEAD_BYTES);
    this.#recentLength = recent.copy(this.#recent, 0, Math.max(0, recent.length - RECENT_BYTES));
    this.cut(offset);
  }
}

/** Where head and recent bytes of a file lie, for one that is entered at an offset. */
export function excerptRanges(offset: number): { readonly head: number; readonly recent: number } {
  return { head: Math.min(HEAD_BYTES, offset), recent: Math.min(RECENT_BYTES, offset) };
}
