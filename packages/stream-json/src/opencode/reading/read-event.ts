import type { JsonObject, StreamEvent } from "../../parse-event.ts";
import { defined, readNumber, readObject, readString } from "../../read-json.ts";
import { readTokens, type TokenUsage } from "../../usage.ts";
import type { OpenCodeEvent, OpenCodeStepFinishEvent, OpenCodeToolEvent } from "../events.ts";
import { readError } from "./read-error.ts";

/** Reads an event of OpenCode from a parsed line. Never throws; what is not known passes through. */
export function readOpenCodeEvent(event: StreamEvent): OpenCodeEvent {
  if (event.kind === "text") return event;
  const { type, value } = event;
  const common = defined({
    timestamp: readNumber(value["timestamp"]),
    sessionId: readString(value["sessionID"]),
  });
  if (type === "error") return { ...common, ...readError(value, common.timestamp) };
  const part = readObject(value["part"]);
  const ids = defined({ partId: readString(part["id"]), messageId: readString(part["messageID"]) });
  switch (type) {
    case "step_start":
      return { ...common, ...ids, kind: "step_start" };
    case "text":
      return { ...common, ...ids, kind: "answer", text: readString(part["text"]) ?? "" };
    case "reasoning":
      return { ...common, ...ids, kind: "reasoning", text: readString(part["text"]) ?? "" };
    case "tool_use":
      return { ...common, ...ids, ...readTool(part) };
    case "step_finish":
      return { ...common, ...ids, ...readStepFinish(part) };
    default:
      return { ...common, kind: "unknown", ...defined({ type }), value };
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
