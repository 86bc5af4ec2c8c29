import type { JsonObject, StreamEvent } from "../../parse-event.ts";
import {
  defined,
  readArray,
  readNumber,
  readObject,
  readString,
  readStrings,
  withDefined,
} from "../../read-json.ts";
import type { ClaudeDeltaEvent, ClaudeEvent, ClaudeTextEvent } from "../events.ts";
import { readApiError, readRateLimit } from "./read-api-error.ts";
import { readBlocks } from "./read-blocks.ts";
import { readMessageUsage, readResult } from "./read-result.ts";

/** Reads an event of Claude Code from a parsed line. Never throws; what is not known passes through. */
export function readClaudeEvent(event: StreamEvent): ClaudeEvent {
  if (event.kind === "text") return event;
  const { value } = event;
  const read = body(event.type, value);
  const common: { uuid?: string; sessionId?: string } = read;
  // One by one: this runs for each event, and a loop over them costs as much as all the rest.
  const uuid = readString(value["uuid"]);
  if (uuid !== undefined) common.uuid = uuid;
  const sessionId = readString(value["session_id"]);
  if (sessionId !== undefined) common.sessionId = sessionId;
  return read;
}

type JsonEvent = Exclude<ClaudeEvent, ClaudeTextEvent>;

function body(type: string | undefined, value: JsonObject): JsonEvent {
  switch (type) {
    case "system":
      return readSystem(value);
    case "assistant":
      return readAssistant(value);
    case "user":
      return withDefined(
        { kind: "user", blocks: readBlocks(readObject(value["message"])["content"]) },
        parent(value),
      );
    case "stream_event":
      return readDelta(value);
    case "rate_limit_event":
      return { kind: "rate_limit", ...readRateLimit(value["rate_limit_info"]) };
    case "result":
      return readResult(value);
    case "tool_progress":
    case "tool_use_summary":
    case "auth_status":
    case "prompt_suggestion":
      return { kind: "aside", type, ...defined({ error: readString(value["error"]) }), value };
    default:
      return { kind: "unknown", ...defined({ type }), value };
  }
}

function readSystem(value: JsonObject): JsonEvent {
  const subtype = readString(value["subtype"]) ?? "";
  if (subtype === "init") {
    return {
      kind: "init",
      tools: readStrings(value["tools"]),
      ...defined({
        model: readString(value["model"]),
        cwd: readString(value["cwd"]),
        version: readString(value["claude_code_version"]),
        apiKeySource: readString(value["apiKeySource"]),
        permissionMode: readString(value["permissionMode"]),
      }),
    };
  }
  if (subtype === "api_retry") {
    return {
      kind: "retry",
      attempt: readNumber(value["attempt"]) ?? 0,
      maxRetries: readNumber(value["max_retries"]) ?? 0,
      delayMs: readNumber(value["retry_delay_ms"]) ?? 0,
      error: defined({ name: readString(value["error"]), status: readNumber(value["error_status"]) }),
    };
  }
  if (subtype === "background_tasks_changed")
    return { kind: "tasks", running: readArray(value["tasks"]).filter(isAtWork).length };
  return { kind: "system", subtype, ...defined({ text: readString(value["content"]) }), value };
}

/** An ambient one, such as a watcher of files, has no end that the CLI waits for. */
function isAtWork(task: unknown): boolean {
  return readObject(task)["ambient"] !== true;
}

function readAssistant(value: JsonObject): JsonEvent {
  const message = readObject(value["message"]);
  const model = readString(message["model"]);
  const read: JsonEvent = {
    kind: "assistant",
    blocks: readBlocks(message["content"]),
    usage: readMessageUsage(message["usage"]),
  };
  return withDefined(read, {
    parentToolUseId: readString(value["parent_tool_use_id"]),
    messageId: readString(message["id"]),
    model: model === "<synthetic>" ? undefined : model,
    apiError: value["is_api_error_message"] === true ? readApiError(value) : undefined,
  });
}

function readDelta(value: JsonObject): ClaudeDeltaEvent {
  const event = readObject(value["event"]);
  const delta = readObject(event["delta"]);
  return {
    kind: "delta",
    type: readString(event["type"]) ?? "",
    ...parent(value),
    ...defined({
      messageId: readString(value["api_message_id"]) ?? readString(readObject(event["message"])["id"]),
      text: readString(delta["text"]),
      thinking: readString(delta["thinking"]),
      usage: event["usage"] === undefined ? undefined : readMessageUsage(event["usage"]),
    }),
  };
}

function parent(value: JsonObject): { readonly parentToolUseId?: string } {
  return defined({ parentToolUseId: readString(value["parent_tool_use_id"]) });
}
