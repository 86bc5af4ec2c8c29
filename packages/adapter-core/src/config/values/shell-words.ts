/** Splits a text into words as a shell would, without expanding anything; null where a quote stays open. */
export function shellWords(text: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === "\\" && quote !== "'" && at + 1 < text.length) {
      const next = text[++at]!;
      // A line that goes on: nothing of both.
      if (next === "\n") continue;
      // Between double quotes, a backslash is itself before most characters.
      const isItself = quote === '"' && !'$`"\\'.includes(next);
      word = `${word ?? ""}${isItself ? "\\" : ""}${next}`;
    } else if (quote !== null) {
      if (character === quote) quote = null;
      else word += character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (/\s/u.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (quote !== null) return null;
  if (word !== null) words.push(word);
  return words;
}
