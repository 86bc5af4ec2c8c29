import { readArray, readObject, readString } from "../../read-json.ts";
import type { ClaudeBlock } from "../events.ts";

/** Reads the content of a message: a text, or a list of blocks. */
export function readBlocks(content: unknown): readonly ClaudeBlock[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return readArray(content).map(readBlock);
}

function readBlock(item: unknown): ClaudeBlock {
  const value = readObject(item);
  switch (value["type"]) {
    case "text":
      return { type: "text", text: readString(value["text"]) ?? "" };
    case "thinking":
      return { type: "thinking", text: readString(value["thinking"]) ?? "" };
    case "tool_use":
      return {
        type: "tool_use",
        id: readString(value["id"]) ?? "",
        name: readString(value["name"]) ?? "",
        input: value["input"],
      };
    case "tool_result":
      return {
        type: "tool_result",
        id: readString(value["tool_use_id"]) ?? "",
        text: resultText(value["content"]),
        isError: value["is_error"] === true,
      };
    default:
      return { type: "other", value };
  }
}

/** The text of a tool result, which is a string or a list of blocks; what is not text is named in brackets. */
function resultText(content: unknown): string {
  if (typeof content === "string") return content;
  return readArray(content)
    .map((item) => {
      const { type, text } = readObject(item);
      return typeof text === "string" ? text : `[${typeof type === "string" ? type : "unknown"}]`;
    })
    .join("\n");
}
