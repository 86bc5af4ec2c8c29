/** The host's live view keeps this many characters of a chunk. */
const MAX_CHUNK_CHARACTERS = 8 * 1024;

/**
 * Pieces of a text that the host takes whole and joins again until the newline: at most 8 Ki characters each, none
 * with half of a surrogate pair at its ends. Joined they are the text.
 */
export function hostChunks(text: string): readonly string[] {
  if (text.length <= MAX_CHUNK_CHARACTERS) return text === "" ? [] : [text];
  const chunks: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = wholeEnd(text, start + MAX_CHUNK_CHARACTERS);
    chunks.push(text.slice(start, end));
    start = end;
  }
  return chunks;
}

function wholeEnd(text: string, end: number): number {
  if (end >= text.length) return text.length;
  return isHigh(text.charCodeAt(end - 1)) && isLow(text.charCodeAt(end)) ? end - 1 : end;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
