// OpenCode's log as it stands on stderr with `--print-logs`: words of the form key=value, quoted like JSON.

/** Characters of a line that are read: plugins and MCP servers write what they like, and the log's own lines are short. */
const LONGEST = 64 * 1_024;

/** The words of a log line by their keys, of its first 64 Ki characters; undefined for any other line. */
export function readLogLine(line: string): ReadonlyMap<string, string> | undefined {
  if (!line.startsWith("timestamp=")) return undefined;
  const words = new Map<string, string>();
  for (const [, key = "", quoted, plain = ""] of line.slice(0, LONGEST).matchAll(word)) {
    words.set(key, quoted === undefined ? plain : unquoted(quoted));
  }
  return words;
}

// Runs of plain characters in one go: an alternative for each character takes a place on the regexp's stack. What is
// cut off in a quoted value ends it.
const word = /(?<=^|\s)([\w.]+)=(?:("[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$))|(\S*))/gs;

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1).replace(/"$/, "");
  }
}
