import type { OpenCodeStepFinishEvent } from "../opencode/events.ts";
import { readOpenCodeEvent } from "../opencode/reading/read-event.ts";
import { failureOfLastStep, goesOnAfter } from "../opencode/step-end.ts";
import { parseEvent, type StreamEvent } from "../parse-event.ts";
import { defined } from "../read-json.ts";
import type { TranscriptEntry } from "./entry.ts";

/**
 * The entries of one event of OpenCode, in order; none for what people need not see (beginnings of steps, ends of steps
 * that others follow, events of unknown types). Stateless: an event alone decides, so that a result has the numbers of
 * the last step alone, and a step that called a tool and ended with `stop` has one too, although another follows.
 *
 * @param event - a parsed line, or the line itself.
 */
export function openCodeToTranscript(event: StreamEvent | string): readonly TranscriptEntry[] {
  const read = readOpenCodeEvent(typeof event === "string" ? parseEvent(event) : event);
  switch (read.kind) {
    case "answer":
      return read.text === "" ? [] : [{ kind: "text", text: read.text, nested: false }];
    case "reasoning":
      return read.text === "" ? [] : [{ kind: "thinking", text: read.text, nested: false }];
    case "tool":
      return [
        { kind: "tool_call", id: read.callId, name: read.tool, input: read.input, nested: false },
        { kind: "tool_result", id: read.callId, text: read.output, isError: read.isError, nested: false },
      ];
    case "step_finish":
      return goesOnAfter({ reason: read.reason, hadTool: false }) ? [] : [fromLastStep(read)];
    case "error":
      return [{ kind: "notice", level: "error", text: read.message }];
    case "text":
      return read.text.trim() === "" ? [] : [{ kind: "raw", text: read.text }];
    default:
      return [];
  }
}

function fromLastStep({ reason, usage, costUsd }: OpenCodeStepFinishEvent): TranscriptEntry {
  return {
    kind: "result",
    text: "",
    isError: failureOfLastStep(reason) !== undefined,
    subtype: reason,
    errors: [],
    usage,
    ...defined({ costUsd }),
  };
}
