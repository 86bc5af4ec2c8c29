import { readObject, readString } from "../read-json.ts";

/** The argument that tells most, in the spelling of either CLI, best first. */
const telling = [
  "command",
  "file_path",
  "filePath",
  "notebook_path",
  "path",
  "pattern",
  "query",
  "url",
  "skill",
  "description",
  "prompt",
];

/** What a tool call is about, in one line: its telling argument, else its input as JSON. */
export function describeToolCall(input: unknown): string {
  const value = readObject(input);
  const text = telling.map((name) => readString(value[name])).find((found) => found !== undefined);
  if (text !== undefined) return inOneLine(text);
  return input === undefined || Object.keys(value).length === 0 ? "" : asJson(input);
}

/** Line by line: a regular expression for the white space around newlines would begin anew at each of its characters. */
function inOneLine(text: string): string {
  const lines = text.split("\n");
  const last = lines.length - 1;
  if (last === 0) return text;
  return lines
    .map((line, at) => (at === 0 ? line.trimEnd() : at === last ? line.trimStart() : line.trim()))
    .filter((line, at) => line !== "" || at === 0 || at === last)
    .join(" ⏎ ");
}

/** JSON is read to any depth, and not written to any. */
function asJson(input: unknown): string {
  try {
    return JSON.stringify(input);
  } catch {
    return "…";
  }
}
