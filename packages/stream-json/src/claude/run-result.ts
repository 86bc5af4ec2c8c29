import type { AgentFailure } from "../failure.ts";
import type { RunCounts } from "../run-counts.ts";
import type { TokenUsage } from "../usage.ts";
import type { ClaudeRateLimitEvent } from "./events.ts";

/** What is known of a run. */
export interface ClaudeRunResult {
  /** `never_started`: no turn began. `truncated`: the last one began, and its result did not come. `finished`: it came. */
  readonly state: "never_started" | "truncated" | "finished";
  /** The session that the run worked in; undefined where it never came to one. */
  readonly sessionId?: string;
  /** The model that answered last in the main conversation; before an answer, the one that was chosen. */
  readonly model?: string;
  /** This run's tokens, never the session's sums; undefined if no model answered. */
  readonly usage?: TokenUsage;
  /** `messages`: of the last turn no result came, and its output tokens are a lower bound. */
  readonly usageSource?: "result" | "messages";
  /** This run's cost in US dollars, as far as results came; undefined where only the session's sum is known. */
  readonly costUsd?: number;
  /** The session's cost in US dollars, earlier runs included: `previousCostUsd` of the next run. */
  readonly sessionCostUsd?: number;
  /** The answer; where the run failed, the last words of the main conversation. */
  readonly finalText?: string;
  /** Why the run failed; where it was cut off, the API failure that it was in at that time. */
  readonly failure?: AgentFailure;
  /** Of all results of the run. */
  readonly turns?: number;
  /** Of all results of the run, in ms. */
  readonly durationMs?: number;
  readonly subtype?: string;
  readonly terminalReason?: string;
  readonly stopReason?: string;
  /** The account's limits of which the run was told, each as it was last; those of a subscription. */
  readonly limits: readonly ClaudeRateLimitEvent[];
  /** Background tasks that were still at work: above 0, the CLI goes on although a result has come. */
  readonly backgroundTasks: number;
  readonly counts: RunCounts;
}
