/** Keeps the end of a text that comes line by line. */
export interface TextTail {
  push(line: string): void;
  text(): string;
}

/** The last `maxCharacters` of all lines. */
export function createTextTail(maxCharacters: number): TextTail {
  let kept = "";
  return {
    push: (line) => {
      kept = `${kept}${line}\n`.slice(-maxCharacters);
    },
    text: () => kept,
  };
}
