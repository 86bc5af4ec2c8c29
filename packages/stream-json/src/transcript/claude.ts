import type {
  ClaudeAssistantEvent,
  ClaudeBlock,
  ClaudeRateLimitEvent,
  ClaudeResultEvent,
  ClaudeSystemEvent,
} from "../claude/events.ts";
import { readClaudeEvent } from "../claude/reading/read-event.ts";
import { troubleAfterRetry } from "../claude/trouble.ts";
import { parseEvent, type StreamEvent } from "../parse-event.ts";
import { defined } from "../read-json.ts";
import type { TranscriptEntry } from "./entry.ts";

/**
 * The entries of one event of Claude Code, in order; none for what people need not see (streamed pieces, whose
 * whole message follows; housekeeping; events of unknown types). Stateless: an event alone decides.
 *
 * @param event - a parsed line, or the line itself.
 */
export function claudeToTranscript(event: StreamEvent | string): readonly TranscriptEntry[] {
  const read = readClaudeEvent(typeof event === "string" ? parseEvent(event) : event);
  switch (read.kind) {
    case "init":
      return [{ kind: "init", sessionId: read.sessionId ?? "", model: read.model ?? "" }];
    case "assistant":
      return fromAssistant(read);
    case "user":
      return fromBlocks(read.blocks, "user", read.parentToolUseId !== undefined);
    case "retry":
      return [{ kind: "notice", level: "warning", text: troubleAfterRetry(read).message }];
    case "rate_limit":
      return fromRateLimit(read);
    case "system":
      return fromSystem(read);
    case "result":
      return [fromResult(read)];
    case "aside":
      return read.error === undefined ? [] : [{ kind: "notice", level: "error", text: read.error }];
    case "text":
      return read.text.trim() === "" ? [] : [{ kind: "raw", text: read.text }];
    default:
      return [];
  }
}

function fromAssistant(event: ClaudeAssistantEvent): readonly TranscriptEntry[] {
  const entries = fromBlocks(event.blocks, "text", event.parentToolUseId !== undefined);
  if (event.apiError === undefined) return entries;
  // The CLI's report of a failed call looks like an answer, and is none.
  return entries.map((entry) =>
    entry.kind === "text" ? { kind: "notice", level: "error", text: entry.text } : entry,
  );
}

function fromBlocks(
  blocks: readonly ClaudeBlock[],
  textKind: "text" | "user",
  nested: boolean,
): readonly TranscriptEntry[] {
  return blocks.flatMap((block) => fromBlock(block, textKind, nested));
}

function fromBlock(
  block: ClaudeBlock,
  textKind: "text" | "user",
  nested: boolean,
): readonly TranscriptEntry[] {
  switch (block.type) {
    case "text":
      return block.text === "" ? [] : [{ kind: textKind, text: block.text, nested }];
    case "thinking":
      return block.text === "" ? [] : [{ kind: "thinking", text: block.text, nested }];
    case "tool_use":
      return [{ kind: "tool_call", id: block.id, name: block.name, input: block.input, nested }];
    case "tool_result":
      return [{ kind: "tool_result", id: block.id, text: block.text, isError: block.isError, nested }];
    case "other":
      return [];
  }
}

function fromRateLimit({ status, limitType, resetsAt }: ClaudeRateLimitEvent): readonly TranscriptEntry[] {
  // `allowed` comes with every change of the numbers.
  if (status === undefined || status === "allowed") return [];
  const until = resetsAt === undefined ? "" : `, resets ${isoTime(resetsAt)}`;
  const text = `Rate limit (${limitType ?? "unknown"}): ${status}${until}`;
  return [{ kind: "notice", level: status === "rejected" ? "error" : "warning", text }];
}

function fromSystem({ subtype, text }: ClaudeSystemEvent): readonly TranscriptEntry[] {
  if (subtype === "compact_boundary")
    return [{ kind: "notice", level: "info", text: "Conversation compacted" }];
  return text === undefined ? [] : [{ kind: "notice", level: "info", text }];
}

function fromResult(result: ClaudeResultEvent): TranscriptEntry {
  return {
    kind: "result",
    text: result.text ?? result.errors.join("; "),
    isError: result.isError,
    subtype: result.subtype,
    errors: result.errors,
    usage: result.usage ?? result.mainUsage,
    ...defined({ costUsd: result.costUsd, turns: result.turns, durationMs: result.durationMs }),
  };
}

/** Dates end in the year 275760; a stream may hold any number. */
function isoTime(ms: number): string {
  return Math.abs(ms) > 8.64e15 ? String(ms) : new Date(ms).toISOString();
}
