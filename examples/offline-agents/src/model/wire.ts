// How the Anthropic messages API writes an answer: one JSON message, or server-sent events.
import type { Ending, Reply } from "./reply.ts";
import type { AnswerBlock, StepUsage } from "./step.ts";

/** A message reply, without the errors that come instead of one. */
export type MessageReply = Extract<Reply, { type: "message" }>;

/** What identifies an answer. */
export interface Identity {
  readonly id: string;
  readonly model: string;
}

/** The events of an answer in order, between `message_start` and its ending. */
export type SseEvent = { readonly type: string; readonly [key: string]: unknown };

/** One event as it goes over the wire. */
export function sseText(event: SseEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** The event that opens an answer. */
export function messageStart(identity: Identity, usage: Required<StepUsage>): SseEvent {
  const message = messageBody(identity, [], null, { ...usage, output_tokens: 1 });
  return { type: "message_start", message };
}

/** The whole answer as one JSON body. */
export function wholeMessage(identity: Identity, reply: MessageReply): Record<string, unknown> {
  const stopReason = reply.ending.type === "complete" ? reply.ending.stopReason : "end_turn";
  const content = reply.blocks.map((block, index) => ({
    ...emptyBlock(identity, block, index),
    ...filled(block),
  }));
  return messageBody(identity, content, stopReason, reply.usage);
}

/** The events of one block, its content cut into deltas of `chunkLength` characters. */
export function blockEvents(
  identity: Identity,
  block: AnswerBlock,
  index: number,
  chunkLength: number,
): SseEvent[] {
  const start = { type: "content_block_start", index, content_block: emptyBlock(identity, block, index) };
  const deltas = deltasOf(block, chunkLength).map((delta) => ({ type: "content_block_delta", index, delta }));
  return [start, ...deltas, { type: "content_block_stop", index }];
}

/** The events that end a stream; none where it is cut. */
export function endingEvents(ending: Ending, usage: Required<StepUsage>): SseEvent[] {
  switch (ending.type) {
    case "cut":
      return [];
    case "error":
      return [{ type: "error", error: ending.error }];
    case "complete":
      return [
        { type: "message_delta", delta: { stop_reason: ending.stopReason, stop_sequence: null }, usage },
        { type: "message_stop" },
      ];
  }
}

function messageBody(identity: Identity, content: unknown[], stopReason: string | null, usage: StepUsage) {
  const { id, model } = identity;
  return {
    id,
    type: "message",
    role: "assistant",
    model,
    content,
    stop_reason: stopReason,
    stop_sequence: null,
    usage,
  };
}

function emptyBlock(identity: Identity, block: AnswerBlock, index: number): Record<string, unknown> {
  switch (block.type) {
    case "text":
      return { type: "text", text: "" };
    case "thinking":
      return { type: "thinking", thinking: "", signature: "" };
    case "tool_use":
      return {
        type: "tool_use",
        id: `${identity.id.replace("msg_", "toolu_")}_${index}`,
        name: block.name,
        input: {},
      };
  }
}

function filled(block: AnswerBlock): Record<string, unknown> {
  return block.type === "thinking" ? { ...block, signature: signature(block.thinking) } : block;
}

function deltasOf(block: AnswerBlock, chunkLength: number): Record<string, unknown>[] {
  switch (block.type) {
    case "text":
      return chunks(block.text, chunkLength).map((text) => ({ type: "text_delta", text }));
    case "thinking":
      return [
        ...chunks(block.thinking, chunkLength).map((thinking) => ({ type: "thinking_delta", thinking })),
        { type: "signature_delta", signature: signature(block.thinking) },
      ];
    case "tool_use":
      return chunks(JSON.stringify(block.input), chunkLength).map((partial_json) => ({
        type: "input_json_delta",
        partial_json,
      }));
  }
}

/** Cut between code points: half a surrogate pair would not survive the wire. */
function chunks(text: string, length: number): string[] {
  const points = Array.from(text);
  const result: string[] = [];
  for (let at = 0; at < points.length; at += length) result.push(points.slice(at, at + length).join(""));
  return result;
}

function signature(thinking: string): string {
  return Buffer.from(`offline:${thinking.length}`).toString("base64");
}
