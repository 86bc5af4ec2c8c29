/** Breaks lines between words so that none is longer than `width` code points; longer words are broken too. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, Math.max(1, width)));
}

/** The first `lines` lines, each cut to `width` code points, and how many more there are. */
export function shorten(text: string, lines: number, width: number): readonly string[] {
  const all = withoutBlankEnd(text).split("\n");
  const shown = all.slice(0, lines).map((line) => clip(line, width));
  const more = all.length - shown.length;
  return more === 0 ? shown : [...shown, `… +${more} ${more === 1 ? "line" : "lines"}`];
}

/** By hand: a regular expression for it would begin anew at each newline of a blank middle. */
function withoutBlankEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === "\n") end -= 1;
  return text.slice(0, end);
}

/** The text in at most `width` code points, an ellipsis where it was cut. */
export function clip(text: string, width: number): string {
  // A code point is at most two units long: a short text need not be taken apart.
  if (text.length <= width) return text;
  const points = Array.from(text.slice(0, 2 * width + 2));
  return points.length <= width ? points.join("") : `${points.slice(0, Math.max(0, width - 1)).join("")}…`;
}

function wrapLine(line: string, width: number): readonly string[] {
  const lines: string[] = [];
  const points = Array.from(line);
  let from = 0;
  while (points.length - from > width) {
    const to = lineEnd(points, from, width);
    lines.push(points.slice(from, to).join(""));
    from = points[to] === " " ? to + 1 : to;
  }
  return [...lines, points.slice(from).join("")];
}

/** The last space that has a word before it on the line, else the width. */
function lineEnd(points: readonly string[], from: number, width: number): number {
  let word = from;
  while (points[word] === " ") word += 1;
  for (let at = from + width; at > word; at -= 1) if (points[at] === " ") return at;
  return from + width;
}
