// Remembers the last ids of a stream by their hashes, in memory of a fixed size: strings that are kept for a while and
// then dropped would make the engine's heap grow by tens of MB before it collects them.

/** Ids, the oldest of which are forgotten. */
export interface RecentIds {
  /**
   * Remembers an id, or remembers it for longer. Returns the slot that it had; undefined where it was not remembered.
   * Slots are below `slots`; the one that it has now is `slot`.
   */
  touch(id: string): number | undefined;
  /** Of the last id that was touched. */
  readonly slot: number;
  readonly slots: number;
}

/** @param capacity - the ids that are remembered for certain; up to twice as many are. */
export function createRecentIds(capacity: number): RecentIds {
  const size = 4 * 2 ** Math.ceil(Math.log2(capacity));
  // The younger half takes new ids until it is full; then the elder one is forgotten, and they change places.
  let young = createHalf(size, 0);
  let elder = createHalf(size, size);
  let slot = 0;
  return {
    slots: 2 * size,
    get slot() {
      return slot;
    },
    touch(id) {
      hash(id);
      const found = young.find();
      if (found !== undefined) {
        slot = found;
        return found;
      }
      const before = elder.find();
      if (young.count >= capacity) {
        [young, elder] = [elder, young];
        young.clear();
      }
      slot = young.add();
      return before;
    },
  };
}

/** A table with open addressing for the hash that was made last. */
interface Half {
  find(): number | undefined;
  add(): number;
  clear(): void;
  readonly count: number;
}

function createHalf(size: number, offset: number): Half {
  const lows = new Uint32Array(size);
  const highs = new Uint32Array(size);
  let count = 0;
  /** Where the hash is, or the free place where it belongs. */
  const place = (): number => {
    let at = (low ^ high) & (size - 1);
    while (highs[at] !== 0 && (lows[at] !== low || highs[at] !== high)) at = (at + 1) & (size - 1);
    return at;
  };
  return {
    find() {
      const at = place();
      return highs[at] === 0 ? undefined : at + offset;
    },
    add() {
      const at = place();
      if (highs[at] === 0) {
        lows[at] = low;
        highs[at] = high;
        count += 1;
      }
      return at + offset;
    },
    clear() {
      highs.fill(0);
      count = 0;
    },
    get count() {
      return count;
    },
  };
}

// Two hashes of 32 bits, and no object for them: two of a million ids are alike once in 40 million streams.
let low = 0;
let high = 0;

/** Ids differ at their end, and this many characters of any have more than the 64 bits that are kept. */
const HASHED = 24;

/** FNV-1a of every other character, and the same with another prime of the rest. */
function hash(id: string): void {
  let a = 0x811c9dc5 ^ id.length;
  let b = 0x9747b28c;
  let at = id.length - 1;
  for (const from = Math.max(1, id.length - HASHED); at >= from; at -= 2) {
    a = Math.imul(a ^ id.charCodeAt(at), 0x01000193);
    b = Math.imul(b ^ id.charCodeAt(at - 1), 0x5bd1e995);
    b ^= b >>> 15;
  }
  if (at === 0) a = Math.imul(a ^ id.charCodeAt(0), 0x01000193);
  low = a >>> 0;
  // 0 marks a free place.
  high = b >>> 0 || 1;
}
