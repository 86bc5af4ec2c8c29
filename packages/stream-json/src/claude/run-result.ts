import type { AgentFailure } from "../failure.ts";
import type { TokenUsage } from "../usage.ts";

/** What a run did, in numbers. */
export interface RunCounts {
  /** Lines, repeated ones left out. */
  readonly events: number;
  /** Messages of the model, subagents' included; parts of one count once. */
  readonly messages: number;
  readonly toolCalls: number;
  /** Tool calls whose result was an error: ordinary in a run that ends well. */
  readonly toolErrors: number;
  /** API calls that failed and were tried again. */
  readonly retries: number;
  /** Lines that were not JSON objects. */
  readonly textLines: number;
  /** Events of a type that is not known. */
  readonly unknownEvents: number;
}

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
  /** Background tasks that were still at work: above 0, the CLI goes on although a result has come. */
  readonly backgroundTasks: number;
  readonly counts: RunCounts;
}
