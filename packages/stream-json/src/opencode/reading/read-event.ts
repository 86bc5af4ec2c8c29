import type { JsonObject, StreamEvent } from "../../parse-event.ts";
import { defined, readNumber, readObject, readString } from "../../read-json.ts";
import { addBounded, readCost, readTokens, type TokenUsage } from "../../usage.ts";
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
  const common: { timestamp?: number; sessionId?: string } = read;
  // One by one: this runs for each event, and a loop over them costs as much as all the rest.
  if (timestamp !== undefined) common.timestamp = timestamp;
  const sessionId = readString(value["sessionID"]);
  if (sessionId !== undefined) common.sessionId = sessionId;
  return read;
}

type JsonEvent = Exclude<OpenCodeEvent, OpenCodeTextEvent>;

function body(type: string | undefined, value: JsonObject, timestamp: number | undefined): JsonEvent {
  const part = readObject(value["part"]);
  switch (type) {
    case "step_start":
      return ofPart({ kind: type }, part);
    case "text":
      return ofPart({ kind: "answer", text: readString(part["text"]) ?? "" }, part);
    case "reasoning":
      return ofPart({ kind: type, text: readString(part["text"]) ?? "" }, part);
    case "tool_use":
      return ofPart(readTool(part), part);
    case "step_finish":
      return ofPart(readStepFinish(part), part);
    case "error":
      return readError(value, timestamp);
    default:
      return { kind: "unknown", ...defined({ type }), value };
  }
}

function ofPart<E extends Exclude<JsonEvent, { readonly kind: "error" | "unknown" }>>(
  event: E,
  part: JsonObject,
): E {
  const ids: { partId?: string; messageId?: string } = event;
  const partId = readString(part["id"]);
  if (partId !== undefined) ids.partId = partId;
  const messageId = readString(part["messageID"]);
  if (messageId !== undefined) ids.messageId = messageId;
  return event;
}

function readTool(part: JsonObject): OpenCodeToolEvent {
  const state = readObject(part["state"]);
  const isError = state["status"] === "error";
  const tool: OpenCodeToolEvent = {
    kind: "tool",
    callId: readString(part["callID"]) ?? "",
    tool: readString(part["tool"]) ?? "",
    input: state["input"],
    output: readString(isError ? state["error"] : state["output"]) ?? "",
    isError,
  };
  const title = readString(state["title"]);
  const isInterrupted = isError && readObject(state["metadata"])["interrupted"] === true;
  const isSettled = isInterrupted || Boolean(readObject(part["metadata"])["providerExecuted"]);
  return {
    ...tool,
    ...(title === undefined ? {} : { title }),
    ...(isSettled ? { isSettled } : {}),
  };
}

function readStepFinish(part: JsonObject): OpenCodeStepFinishEvent {
  const finish: OpenCodeStepFinishEvent = {
    kind: "step_finish",
    reason: readString(part["reason"]) ?? "unknown",
    usage: readUsage(part["tokens"]),
  };
  const costUsd = readCost(part["cost"]);
  return costUsd === undefined ? finish : { ...finish, costUsd };
}

/** OpenCode counts what was thought apart from what was said; both are paid as output. */
function readUsage(tokens: unknown): TokenUsage {
  const value = readObject(tokens);
  const cache = readObject(value["cache"]);
  return {
    inputTokens: readTokens(value["input"]),
    outputTokens: addBounded(readTokens(value["output"]), readTokens(value["reasoning"])),
    cacheReadTokens: readTokens(cache["read"]),
    cacheCreationTokens: readTokens(cache["write"]),
  };
}
