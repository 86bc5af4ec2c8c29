// Both CLIs by one form, for what must hold for either.
import {
  claudeToTranscript,
  createClaudeReducer,
  createOpenCodeReducer,
  openCodeToTranscript,
  type RunCounts,
  type StreamEvent,
  type TokenUsage,
  type TranscriptEntry,
} from "../../src/index.ts";
import { type Recordings, recordingsIn } from "./recordings.ts";

/** What both results have. */
export interface CommonResult {
  readonly state: string;
  readonly sessionId?: string;
  readonly usage?: TokenUsage;
  readonly finalText?: string;
  readonly counts: RunCounts;
}

export interface Cli {
  readonly name: string;
  readonly recordings: Recordings;
  createReducer(): {
    push(event: StreamEvent): void;
    pushStderr?(line: string): void;
    result(): CommonResult;
  };
  toTranscript(line: string): readonly TranscriptEntry[];
}

export const claude: Cli = {
  name: "Claude Code",
  recordings: recordingsIn(new URL("../claude/fixtures/", import.meta.url)),
  createReducer: () => createClaudeReducer(),
  toTranscript: claudeToTranscript,
};

export const opencode: Cli = {
  name: "OpenCode",
  recordings: recordingsIn(new URL("../opencode/fixtures/", import.meta.url)),
  createReducer: createOpenCodeReducer,
  toTranscript: openCodeToTranscript,
};

export const clis: readonly Cli[] = [claude, opencode];
