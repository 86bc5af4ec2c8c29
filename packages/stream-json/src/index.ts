export { type ClaudeFailureFacts, classifyClaudeFailure } from "./claude/classify.ts";
export { type ClaudeStderrFinding, classifyClaudeStderr } from "./claude/classify-stderr.ts";
export type {
  ClaudeApiError,
  ClaudeAsideEvent,
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
export type { ClaudeRunResult } from "./claude/run-result.ts";
export type { AgentFailure, FailureFamily } from "./failure.ts";
export { classifyOpenCodeFailure, type OpenCodeFailureFacts } from "./opencode/classify.ts";
export type {
  OpenCodeAnswerEvent,
  OpenCodeErrorEvent,
  OpenCodeEvent,
  OpenCodeReasoningEvent,
  OpenCodeStepFinishEvent,
  OpenCodeStepStartEvent,
  OpenCodeTextEvent,
  OpenCodeToolEvent,
  OpenCodeUnknownEvent,
} from "./opencode/events.ts";
export { readOpenCodeEvent } from "./opencode/reading/read-event.ts";
export { createOpenCodeReducer, type OpenCodeReducer } from "./opencode/reducer.ts";
export type { OpenCodeRetrying, OpenCodeRunResult } from "./opencode/run-result.ts";
export { openCodeStatusPlugin } from "./opencode/status-plugin.ts";
export { type OpenCodeStderrEvent, readOpenCodeStderr } from "./opencode/stderr.ts";
export { type JsonObject, parseEvent, type StreamEvent } from "./parse-event.ts";
export type { RunCounts } from "./run-counts.ts";
export { claudeToTranscript } from "./transcript/claude.ts";
export type { TranscriptEntry } from "./transcript/entry.ts";
export { type FormatTranscriptOptions, formatTranscriptEntry } from "./transcript/format.ts";
export { openCodeToTranscript } from "./transcript/opencode.ts";
export type { TokenUsage } from "./usage.ts";
