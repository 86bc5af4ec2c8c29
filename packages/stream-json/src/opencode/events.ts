// What OpenCode prints with `run --format json`, as far as somebody needs it.
import type { JsonObject } from "../parse-event.ts";
import type { TokenUsage } from "../usage.ts";

interface Common {
  /** ms since the epoch, by the clock of the CLI. */
  readonly timestamp?: number;
  readonly sessionId?: string;
}

interface Part extends Common {
  /** The same part has the same one. */
  readonly partId?: string;
  readonly messageId?: string;
}

/** A model call has begun to answer. One that breaks off is tried again: then another comes without an end. */
export interface OpenCodeStepStartEvent extends Part {
  readonly kind: "step_start";
}

/** A text of the model, whole. */
export interface OpenCodeAnswerEvent extends Part {
  readonly kind: "answer";
  readonly text: string;
}

/** A piece of thinking, whole; printed only with `--thinking`. */
export interface OpenCodeReasoningEvent extends Part {
  readonly kind: "reasoning";
  readonly text: string;
}

/** A tool call that has ended. */
export interface OpenCodeToolEvent extends Part {
  readonly kind: "tool";
  readonly callId: string;
  readonly tool: string;
  readonly input: unknown;
  /** What the tool gave; where it failed, the error. */
  readonly output: string;
  readonly isError: boolean;
  /** A line of the tool's own about the call. */
  readonly title?: string;
  /** The provider ran it, or it was interrupted: OpenCode does not go on for it. */
  readonly isSettled?: true;
}

/** A model call has ended. */
export interface OpenCodeStepFinishEvent extends Part {
  readonly kind: "step_finish";
  /**
   * `tool-calls` and `unknown`: another step follows. `stop`, `length`, `error`, …: the last one, unless a tool was called
   * in it.
   */
  readonly reason: string;
  /** Of this step. */
  readonly usage: TokenUsage;
  /** Of this step, in US dollars. */
  readonly costUsd?: number;
}

/** The session has met an error. */
export interface OpenCodeErrorEvent extends Common {
  readonly kind: "error";
  /** `APIError`, `ContextOverflowError`, … */
  readonly name: string;
  readonly message: string;
  /** HTTP status of the API call that failed. */
  readonly status?: number;
  readonly isRetryable?: boolean;
  /** The API's own type of the error, such as `overloaded_error`, from its answer. */
  readonly type?: string;
  /** When the provider accepts calls again, in ms since the epoch. */
  readonly retryAt?: number;
  /** Names the entry of the log that tells the cause. */
  readonly ref?: string;
}

/** A line that is not a JSON object. */
export interface OpenCodeTextEvent extends Common {
  readonly kind: "text";
  readonly text: string;
}

/** An event of a type that this version does not know. */
export interface OpenCodeUnknownEvent extends Common {
  readonly kind: "unknown";
  readonly type?: string;
  readonly value: JsonObject;
}

/** One line of OpenCode's output. */
export type OpenCodeEvent =
  | OpenCodeStepStartEvent
  | OpenCodeAnswerEvent
  | OpenCodeReasoningEvent
  | OpenCodeToolEvent
  | OpenCodeStepFinishEvent
  | OpenCodeErrorEvent
  | OpenCodeTextEvent
  | OpenCodeUnknownEvent;
