import type { Layout } from "./terminal.ts";

/** Columns before everything that happens in a run: the seconds since its start. */
export const GUTTER = 10;

/** Lines with the time in front of the first one. */
export function withTime(lines: readonly string[], atMs: number, { paint }: Layout): readonly string[] {
  const time = `${(atMs / 1000).toFixed(1).padStart(6)} s  `;
  return lines.map((line, at) => (at === 0 ? paint.dim(time) : " ".repeat(GUTTER)) + line);
}

/** A text in lines of at most `width` columns, broken at spaces; a word that is longer has a line of its own. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/u).filter((part) => part !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
