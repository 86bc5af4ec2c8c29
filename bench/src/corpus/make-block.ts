// Lines as coding agents write them: JSON objects whose length is spread evenly over the orders of magnitude.

/** What lines of a file are like. Sizes in bytes, newline included. */
export interface LineShape {
  readonly least: number;
  readonly most: number;
  /** Whether one line in eight has text that is not ASCII. */
  readonly nonAscii: boolean;
}

/** A piece of a file: whole lines. */
export interface Block {
  readonly bytes: Buffer;
  readonly lines: number;
}

const WORDS = "the agent reads a file and edits it then runs tests until all of them pass".split(" ");
const FOREIGN = ["naïve", "→", "日本語", "✓", "Größe", "🙂"];

/** Numbers from 0 to below 1 that are the same in each run: a linear congruential generator. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function makeLine(bytes: number, foreign: boolean, random: () => number): Buffer {
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? "";
  let text = "";
  while (text.length < bytes) text += `${foreign && random() < 0.2 ? pick(FOREIGN) : pick(WORDS)} `;
  const head = '{"type":"assistant","text":"';
  const body = Buffer.from(text).subarray(0, Math.max(0, bytes - head.length - 3));
  // What the cut left of a character at the end would not be UTF-8.
  const whole = Buffer.from(body.toString("utf8").replaceAll("\uFFFD", ""));
  return Buffer.concat([Buffer.from(head), whole, Buffer.from('"}\n')]);
}

/** Makes about `bytes` bytes of lines, the same ones each time. */
export function makeBlock({ least, most, nonAscii }: LineShape, bytes: number): Block {
  const random = seeded(7);
  const lines: Buffer[] = [];
  for (let total = 0; total < bytes; total += lines.at(-1)?.length ?? 0) {
    const length = Math.round(least * (most / least) ** random());
    lines.push(makeLine(length, nonAscii && random() < 1 / 8, random));
  }
  return { bytes: Buffer.concat(lines), lines: lines.length };
}
