// How much of what was read is made into lines at a time.
const NEWLINE = 0x0a;

/**
 * About how many bytes of lines are made at a time. The last ones that were made survive the garbage collector, since
 * code that is not optimized yet keeps them in its frames; the more that are, the sooner V8 lets its young generation
 * grow, and that is most of what a tail takes of memory: 65,536 cost 6 MB more, and are faster by a seventh.
 */
export const BATCH_BYTES = 16_384;

/** Where the lines end that make a batch: the last that fit, or one that does not. */
export function batchEnd(bytes: Buffer): number {
  if (bytes.length <= BATCH_BYTES) return bytes.length;
  const last = bytes.lastIndexOf(NEWLINE, BATCH_BYTES - 1);
  const end = last === -1 ? bytes.indexOf(NEWLINE, BATCH_BYTES) : last;
  return end === -1 ? bytes.length : end + 1;
}
