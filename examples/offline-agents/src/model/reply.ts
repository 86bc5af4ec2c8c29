// From a step to what goes over the wire: pure.
import type { AnswerBlock, Pace, Step, StepUsage } from "./step.ts";

/** How a stream ends. */
export type Ending =
  | { readonly type: "complete"; readonly stopReason: string }
  | { readonly type: "cut" }
  | { readonly type: "error"; readonly error: ApiErrorBody };

/** The `error` object of an error body or an error event. */
export interface ApiErrorBody {
  readonly type: string;
  readonly message: string;
}

/** What the server sends for a step. */
export type Reply =
  | {
      readonly type: "message";
      readonly blocks: readonly AnswerBlock[];
      readonly ending: Ending;
      readonly usage: Required<StepUsage>;
      readonly pace: Pace;
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      readonly type: "error";
      readonly status: number;
      readonly error: ApiErrorBody;
      readonly headers: Readonly<Record<string, string>>;
    };

/** The reply for a step at its `attempt`-th try (0 for the first). */
export function replyFor(step: Step, attempt: number): Reply {
  if (step.kind === "attempts") {
    const chosen = step.steps[Math.min(attempt, step.steps.length - 1)];
    if (chosen === undefined) throw new Error("A step of kind attempts needs at least one step.");
    return replyFor(chosen, 0);
  }
  if (step.kind === "api_error") {
    const type = step.type ?? errorTypes[step.status] ?? "api_error";
    return {
      type: "error",
      status: step.status,
      error: { type, message: step.message ?? type },
      headers: step.headers ?? {},
    };
  }
  const blocks = blocksOf(step);
  return {
    type: "message",
    blocks,
    ending: endingOf(step, blocks),
    usage: usageOf(step, blocks),
    pace: step.pace ?? {},
    headers: step.headers ?? {},
  };
}

type AnsweringStep = Exclude<Step, { kind: "api_error" | "attempts" }>;

function blocksOf(step: AnsweringStep): readonly AnswerBlock[] {
  switch (step.kind) {
    case "blocks":
      return step.blocks;
    case "thinking":
      return [{ type: "thinking", thinking: step.thinking }, ...textBlock(step.text)];
    case "tool":
      return [...textBlock(step.text), { type: "tool_use", name: step.name, input: step.input }];
    case "long_text":
      return textBlock(numberedLines(step.length));
    default:
      return textBlock(step.text);
  }
}

function textBlock(text: string | undefined): readonly AnswerBlock[] {
  return text === undefined || text === "" ? [] : [{ type: "text", text }];
}

function endingOf(step: AnsweringStep, blocks: readonly AnswerBlock[]): Ending {
  if (step.kind === "cut") return { type: "cut" };
  if (step.kind === "error_event") {
    const type = step.type ?? "overloaded_error";
    return { type: "error", error: { type, message: step.message ?? type } };
  }
  return { type: "complete", stopReason: stopReasonOf(step, blocks) };
}

function stopReasonOf(step: AnsweringStep, blocks: readonly AnswerBlock[]): string {
  if (step.kind === "refusal" || step.kind === "max_tokens") return step.kind;
  if (step.kind === "blocks" && step.stopReason !== undefined) return step.stopReason;
  return blocks.some((block) => block.type === "tool_use") ? "tool_use" : "end_turn";
}

function usageOf(step: AnsweringStep, blocks: readonly AnswerBlock[]): Required<StepUsage> {
  return {
    input_tokens: 100,
    output_tokens: Math.max(1, Math.ceil(JSON.stringify(blocks).length / 4)),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    ...step.usage,
  };
}

function numberedLines(length: number): string {
  const lines: string[] = [];
  for (let total = 0; total < length; total += lines.at(-1)!.length + 1) {
    lines.push(`Line ${lines.length + 1} of a long answer, which says nothing new.`);
  }
  return lines.join("\n").slice(0, length);
}

/** The HTTP status that goes with an error type; 500 for an unknown one. */
export function statusOf(type: string): number {
  const entry = Object.entries(errorTypes).find(([, known]) => known === type);
  return entry === undefined ? 500 : Number(entry[0]);
}

const errorTypes: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
  529: "overloaded_error",
};
