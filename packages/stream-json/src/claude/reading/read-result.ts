import type { JsonObject } from "../../parse-event.ts";
import { defined, readNumber, readObject, readString, readStrings } from "../../read-json.ts";
import { addUsage, noUsage, readTokens, type TokenUsage } from "../../usage.ts";
import type { ClaudeResultEvent } from "../events.ts";
import { readApiError } from "./read-api-error.ts";

/** Reads a `result` event. Its `type` stands near the end of the line and its fields in no fixed order. */
export function readResult(value: JsonObject): ClaudeResultEvent {
  const optional = defined({
    text: readString(value["result"]),
    terminalReason: readString(value["terminal_reason"]),
    stopReason: readString(value["stop_reason"]),
    turns: readNumber(value["num_turns"]),
    durationMs: readNumber(value["duration_ms"]),
    sessionCostUsd: readNumber(value["total_cost_usd"]),
    ...readModelUsage(value["model_usage_since_last_result"]),
  });
  const subtype = readString(value["subtype"]) ?? "";
  return {
    kind: "result",
    subtype,
    // A failure by its subtype alone is one too: older CLIs leave the flag out.
    isError: value["is_error"] === true || subtype.startsWith("error"),
    errors: readStrings(value["errors"]),
    apiError: readApiError(value),
    mainUsage: readMessageUsage(value["usage"]),
    ...optional,
  };
}

/** Reads a `usage` as the messages API has it. */
export function readMessageUsage(usage: unknown): TokenUsage {
  const value = readObject(usage);
  return {
    inputTokens: readTokens(value["input_tokens"]),
    outputTokens: readTokens(value["output_tokens"]),
    cacheReadTokens: readTokens(value["cache_read_input_tokens"]),
    cacheCreationTokens: readTokens(value["cache_creation_input_tokens"]),
  };
}

/** The sums over all models; nothing where the CLI does not tell them. */
function readModelUsage(models: unknown): { readonly usage?: TokenUsage; readonly costUsd?: number } {
  if (typeof models !== "object" || models === null || Array.isArray(models)) return {};
  let usage = noUsage;
  let costUsd = 0;
  for (const model of Object.values(models)) {
    const value = readObject(model);
    costUsd += readTokens(value["costUSD"]);
    usage = addUsage(usage, {
      inputTokens: readTokens(value["inputTokens"]),
      outputTokens: readTokens(value["outputTokens"]),
      cacheReadTokens: readTokens(value["cacheReadInputTokens"]),
      cacheCreationTokens: readTokens(value["cacheCreationInputTokens"]),
    });
  }
  return { usage, costUsd };
}
