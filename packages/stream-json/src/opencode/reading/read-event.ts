import type { JsonObject, StreamEvent } from "../../parse-event.ts";
import { defined, readNumber, readObject, readString, withDefined } from "../../read-json.ts";
import { readTokens, type TokenUsage } from "../../usage.ts";
import type {
  OpenCodeEvent,
  OpenCodeStepFinishEvent,
  OpenCodeTextEvent,
  OpenCodeToolEvent,
} from "../events.ts";
import { readError } from "./read-error.ts";

/** Reads an event of OpenCode from a parsed line. Never throws; what is not known passes through. */
export function readOpenCodeEvent(event: StreamEvent): OpenCodeEvent {
  if (event.kind === "text") return event;
  const { type, value } = event;
  const timestamp = readNumber(value["timestamp"]);
  const read = body(type, value, timestamp);
  return withDefined(read, { timestamp, sessionId: readString(value["sessionID"]) });
}

type JsonEvent = Exclude<OpenCodeEvent, OpenCodeTextEvent>;

function body(type: string | undefined, value: JsonObject, timestamp: number | undefined): JsonEvent {
  const part = readObject(value["part"]);
  const ids = { partId: readString(part["id"]), messageId: readString(part["messageID"]) };
  switch (type) {
    case "step_start":
      return withDefined({ kind: type }, ids);
    case "text":
      return withDefined({ kind: "answer", text: readString(part["text"]) ?? "" }, ids);
    case "reasoning":
      return withDefined({ kind: type, text: readString(part["text"]) ?? "" }, ids);
    case "tool_use":
      return withDefined(readTool(part), ids);
    case "step_finish":
      return withDefined(readStepFinish(part), ids);
    case "error":
      return readError(value, timestamp);
    default:
      return { kind: "unknown", ...defined({ type }), value };
  }
}

function readTool(part: JsonObject): OpenCodeToolEvent {
  const state = readObject(part["state"]);
  const isError = state["status"] === "error";
  return {
    kind: "tool",
    callId: readString(part["callID"]) ?? "",
    tool: readString(part["tool"]) ?? "",
    input: state["input"],
    output: readString(isError ? state["error"] : state["output"]) ?? "",
    isError,
    ...defined({ title: readString(state["title"]) }),
  };
}

function readStepFinish(part: JsonObject): OpenCodeStepFinishEvent {
  return {
    kind: "step_finish",
    reason: readString(part["reason"]) ?? "",
    usage: readUsage(part["tokens"]),
    ...defined({ costUsd: readNumber(part["cost"]) }),
  };
}

/** OpenCode counts what was thought apart from what was said; both are paid as output. */
function readUsage(tokens: unknown): TokenUsage {
  const value = readObject(tokens);
  const cache = readObject(value["cache"]);
  return {
    inputTokens: readTokens(value["input"]),
    outputTokens: readTokens(value["output"]) + readTokens(value["reasoning"]),
    cacheReadTokens: readTokens(cache["read"]),
    cacheCreationTokens: readTokens(cache["write"]),
  };
}
