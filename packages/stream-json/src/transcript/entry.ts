import type { TokenUsage } from "../usage.ts";

/** One thing that happened in a run, for people: the same for every agent CLI. */
export type TranscriptEntry =
  /** The CLI has started. */
  | { readonly kind: "init"; readonly sessionId: string; readonly model: string }
  | { readonly kind: "text"; readonly text: string; readonly nested: boolean }
  | { readonly kind: "thinking"; readonly text: string; readonly nested: boolean }
  /** A text that the conversation got from outside the model. */
  | { readonly kind: "user"; readonly text: string; readonly nested: boolean }
  | {
      readonly kind: "tool_call";
      readonly id: string;
      readonly name: string;
      readonly input: unknown;
      /** True for what a subagent does. */
      readonly nested: boolean;
    }
  | {
      readonly kind: "tool_result";
      /** The call's id. */
      readonly id: string;
      readonly text: string;
      readonly isError: boolean;
      readonly nested: boolean;
    }
  /** Something that the CLI says of itself: a retry, a limit, an API error. */
  | { readonly kind: "notice"; readonly level: "info" | "warning" | "error"; readonly text: string }
  | {
      readonly kind: "result";
      readonly text: string;
      readonly isError: boolean;
      /** Why it ended: `success`, `error_max_turns`, … */
      readonly subtype: string;
      readonly errors: readonly string[];
      /** This run's, not the session's. */
      readonly usage: TokenUsage;
      /** This run's, in US dollars; undefined where only the session's sum is known. */
      readonly costUsd?: number;
      readonly turns?: number;
      readonly durationMs?: number;
    }
  /** A line that is not JSON, as it came. */
  | { readonly kind: "raw"; readonly text: string };
