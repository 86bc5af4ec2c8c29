export { type ClaudeFailureFacts, classifyClaudeFailure } from "./claude/classify.ts";
export { type ClaudeStderrFinding, classifyClaudeStderr } from "./claude/classify-stderr.ts";
export type {
  ClaudeApiError,
  ClaudeAssistantEvent,
  ClaudeBlock,
  ClaudeDeltaEvent,
  ClaudeEvent,
  ClaudeInitEvent,
  ClaudeRateLimitEvent,
  ClaudeResultEvent,
  ClaudeRetryEvent,
  ClaudeSystemEvent,
  ClaudeTasksEvent,
  ClaudeTextEvent,
  ClaudeUnknownEvent,
  ClaudeUserEvent,
} from "./claude/events.ts";
export { readClaudeEvent } from "./claude/reading/read-event.ts";
export { type ClaudeReducer, type ClaudeReducerOptions, createClaudeReducer } from "./claude/reducer.ts";
export type { ClaudeRunResult, RunCounts } from "./claude/run-result.ts";
export type { AgentFailure, FailureFamily } from "./failure.ts";
export { type JsonObject, parseEvent, type StreamEvent } from "./parse-event.ts";
export { claudeToTranscript } from "./transcript/claude.ts";
export type { TranscriptEntry } from "./transcript/entry.ts";
export { type FormatTranscriptOptions, formatTranscriptEntry } from "./transcript/format.ts";
export type { TokenUsage } from "./usage.ts";
