/** A JSON object as it came. */
export type JsonObject = { readonly [key: string]: unknown };

/**
 * One line of an agent CLI's output.
 *
 * `json`: a JSON object; `type` is its `type` if that is a string, wherever in the line it stands.
 * `text`: anything else, with the line as it came: a warning, a stack trace, half a line.
 */
export type StreamEvent =
  | { readonly kind: "json"; readonly type: string | undefined; readonly value: JsonObject }
  | { readonly kind: "text"; readonly text: string };

const BRACE = 0x7b;

/** Parses one line, without its newline. Never throws. */
export function parseEvent(line: string): StreamEvent {
  // Most lines that are not JSON are told by their first character, which is cheaper than an exception.
  const value = line.charCodeAt(0) === BRACE || /^\s*\{/.test(line) ? parsed(line) : undefined;
  if (value === undefined) return { kind: "text", text: line };
  return { kind: "json", type: typeof value["type"] === "string" ? value["type"] : undefined, value };
}

function parsed(line: string): JsonObject | undefined {
  try {
    return JSON.parse(line) as JsonObject;
  } catch {
    return undefined;
  }
}
