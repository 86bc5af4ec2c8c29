// OpenCode's log as it stands on stderr with `--print-logs`: words of the form key=value, quoted like JSON.

/** The words of a log line by their keys; undefined for any other line. */
export function readLogLine(line: string): ReadonlyMap<string, string> | undefined {
  if (!line.startsWith("timestamp=")) return undefined;
  const words = new Map<string, string>();
  for (const [, key = "", quoted, plain = ""] of line.matchAll(word)) {
    words.set(key, quoted === undefined ? plain : unquoted(quoted));
  }
  return words;
}

const word = /(?<=^|\s)([\w.]+)=(?:("(?:[^"\\]|\\.)*")|(\S*))/g;

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
