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
  if (text !== undefined) return text.replace(/\s*\n\s*/g, " ⏎ ");
  return input === undefined || Object.keys(value).length === 0 ? "" : asJson(input);
}

/** JSON is read to any depth, and not written to any. */
function asJson(input: unknown): string {
  try {
    return JSON.stringify(input);
  } catch {
    return "…";
  }
}
