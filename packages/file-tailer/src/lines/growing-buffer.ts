/** Bytes that arrive in pieces, kept in one buffer that doubles, so that a long line costs linear time. */
export class GrowingBuffer {
  #buffer = Buffer.alloc(0);
  #length = 0;

  /** How many bytes are held. */
  get length(): number {
    return this.#length;
  }

  /** Adds a copy of the bytes; the buffer never grows above `limit` bytes, which must be enough for them. */
  append(bytes: Buffer, limit: number): void {
    const length = this.#length + bytes.length;
    if (length > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, Math.min(limit, this.#buffer.length * 2)));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    bytes.copy(this.#buffer, this.#length);
    this.#length = length;
  }

  /** The bytes that are held: valid until the next `append`. */
  view(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Drops the bytes, and the memory too where it is more than a usual line takes. */
  clear(): void {
    this.#length = 0;
    if (this.#buffer.length > 65_536) this.#buffer = Buffer.alloc(0);
  }
}
