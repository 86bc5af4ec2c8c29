import type { AgentFailure } from "../failure.ts";
import type { RunCounts } from "../run-counts.ts";
import type { TokenUsage } from "../usage.ts";

/** What is known of a run of OpenCode. */
export interface OpenCodeRunResult {
  /**
   * `never_started`: no event came. `truncated`: it began, and its last step did not end. `finished`: its last step
   * ended, or an error ended the session.
   */
  readonly state: "never_started" | "truncated" | "finished";
  readonly sessionId?: string;
  /** The model that its log names; undefined where the log tells of no trouble, since the events name none. */
  readonly model?: string;
  /** Of all steps that ended, subagents' left out: OpenCode does not print theirs. undefined if none ended. */
  readonly usage?: TokenUsage;
  /** In US dollars, of the same steps; undefined where a step did not tell it. */
  readonly costUsd?: number;
  /** The last text. */
  readonly finalText?: string;
  /** Why the run failed; where it was cut off, the API failure that it was in at that time. */
  readonly failure?: AgentFailure;
  /** Steps that ended. */
  readonly turns: number;
  /** `reason` of the last step that ended. */
  readonly finishReason?: string;
  readonly counts: RunCounts;
}

/** A provider that does not answer, which OpenCode asks again and again without an end and without an event. */
export interface OpenCodeRetrying {
  /** Counts the times that trouble began: the same number is the same trouble. */
  readonly streak: number;
  /** Failed calls of this streak. */
  readonly attempts: number;
  /** False while a call is on its way: the provider may be answering at last. */
  readonly isWaiting: boolean;
  /** With `retryAt` where OpenCode has told when it asks again. */
  readonly failure: AgentFailure;
}
