/** A seeded source of choices: the same seed gives the same schedule. */
export interface Dice {
  /** In [0, 1). */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number from `from` to `to`. */
  between(from: number, to: number): number;
  /** Mostly small, seldom large: a time in ms up to `longest`. */
  delay(longest: number): number;
  pick<T>(items: readonly T[]): T;
}

export function dice(seed: number): Dice {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4_294_967_296;
  };
  for (let warm = 0; warm < 4; warm += 1) next();
  return {
    next,
    chance: (probability) => next() < probability,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    delay: (longest) => Math.ceil(next() ** 3 * longest),
    pick: (items) => items[Math.floor(next() * items.length)]!,
  };
}
