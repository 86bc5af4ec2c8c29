// Folds Claude Code's events into a run result. What it keeps does not grow with the stream.
import type { StreamEvent } from "../parse-event.ts";
import { defined } from "../read-json.ts";
import { createIdTally, createUsageTally } from "../tally.ts";
import { addUsage, noUsage } from "../usage.ts";
import { addResult, type ResultSums, runCost } from "./cost.ts";
import type {
  ClaudeAssistantEvent,
  ClaudeBlock,
  ClaudeEvent,
  ClaudeInitEvent,
  ClaudeRateLimitEvent,
  ClaudeResultEvent,
} from "./events.ts";
import { readClaudeEvent } from "./reading/read-event.ts";
import type { ClaudeRunResult } from "./run-result.ts";
import {
  failureOfResult,
  failureOfTrouble,
  type Trouble,
  troubleAfterMessage,
  troubleAfterRetry,
} from "./trouble.ts";

/** What a reducer may know of the session before its first event. */
export interface ClaudeReducerOptions {
  /**
   * `sessionCostUsd` of the session's last run, in US dollars; 0 for a fresh session. Needed only for CLIs that
   * print sums alone. Default: unknown.
   */
  readonly previousCostUsd?: number;
}

/** Folds events into a result. */
export interface ClaudeReducer {
  /** Takes the next event; one that came before (the same `uuid`) is passed over. Never throws. */
  push(event: StreamEvent): void;
  /** What is known so far; may be asked at any time. */
  result(): ClaudeRunResult;
  /**
   * Whether the CLI has said its last word: a result has come, and nothing works in the background. Unlike `result()`
   * it makes nothing, and may be asked after every line.
   */
  isClosed(): boolean;
}

/** What is kept of a stream: the last of everything, and numbers. */
interface Kept {
  init?: ClaudeInitEvent;
  sessionId?: string;
  model?: string;
  lastText?: string;
  result?: ClaudeResultEvent;
  sums?: ResultSums;
  trouble?: Trouble | undefined;
  /** The limit that was reached last, unless it was told otherwise since. */
  reached?: ClaudeRateLimitEvent | undefined;
  started: boolean;
  /** A turn has begun, and its result has not come. */
  turnOpen: boolean;
  backgroundTasks: number;
  retries: number;
  textLines: number;
  unknownEvents: number;
  /** By their type. */
  readonly limits: Map<string, ClaudeRateLimitEvent>;
  readonly events: ReturnType<typeof createIdTally>;
  readonly toolCalls: ReturnType<typeof createIdTally>;
  readonly toolErrors: ReturnType<typeof createIdTally>;
  readonly usage: ReturnType<typeof createUsageTally>;
}

/** A reducer for one run of Claude Code. */
export function createClaudeReducer(options: ClaudeReducerOptions = {}): ClaudeReducer {
  const kept: Kept = {
    started: false,
    turnOpen: false,
    backgroundTasks: 0,
    retries: 0,
    textLines: 0,
    unknownEvents: 0,
    limits: new Map(),
    events: createIdTally(),
    toolCalls: createIdTally(),
    toolErrors: createIdTally(),
    usage: createUsageTally(),
  };
  return {
    push(event) {
      const read = readClaudeEvent(event);
      if (kept.events.add(read.uuid)) take(kept, read);
    },
    result: () => resultOf(kept, options),
    isClosed: () => resultAtEnd(kept) !== undefined && kept.backgroundTasks === 0,
  };
}

function take(kept: Kept, event: ClaudeEvent): void {
  switch (event.kind) {
    case "init":
      takeTurn(kept);
      // Not from the result: a session that was not found is named there too.
      if (event.sessionId !== undefined) kept.sessionId = event.sessionId;
      kept.init = event;
      return;
    case "assistant":
      takeMessage(kept, event);
      return;
    case "user":
      takeBlocks(kept, event.blocks);
      return;
    case "delta":
      if (event.usage !== undefined) kept.usage.report(event.messageId, event.usage);
      return;
    case "retry":
      kept.retries += 1;
      kept.trouble = troubleAfterRetry(event);
      return;
    case "rate_limit":
      takeLimit(kept, event);
      return;
    case "result":
      kept.result = event;
      kept.sums = addResult(kept.sums, event);
      kept.turnOpen = false;
      kept.usage.restart();
      return;
    case "tasks":
      kept.backgroundTasks = event.running;
      return;
    case "text":
      kept.textLines += 1;
      return;
    case "unknown":
      kept.unknownEvents += 1;
      return;
  }
}

/** Few types are known; a stream that names ever new ones does not make the result grow. */
const MOST_LIMITS = 16;

function takeLimit(kept: Kept, event: ClaudeRateLimitEvent): void {
  const type = event.limitType;
  // Another limit that is only near does not undo it: each event tells of one.
  if (event.status === "rejected") kept.reached = event;
  else if (type === kept.reached?.limitType) kept.reached = undefined;
  if (type === undefined || (kept.limits.size >= MOST_LIMITS && !kept.limits.has(type))) return;
  kept.limits.set(type, event);
}

/** Every turn has an `init` of its own; one that follows a result comes from background work. */
function takeTurn(kept: Kept): void {
  kept.started = true;
  kept.turnOpen = true;
  kept.trouble = undefined;
}

function takeMessage(kept: Kept, event: ClaudeAssistantEvent): void {
  if (!kept.started) takeTurn(kept);
  takeBlocks(kept, event.blocks);
  if (event.model !== undefined) kept.usage.report(event.messageId, event.usage);
  // What a subagent says, and what it fails at, is its own.
  if (event.parentToolUseId !== undefined) return;
  kept.trouble = troubleAfterMessage(event);
  if (event.apiError !== undefined) return;
  if (event.model !== undefined) kept.model = event.model;
  const text = event.blocks.findLast((block) => block.type === "text");
  if (text?.text) kept.lastText = text.text;
}

function takeBlocks(kept: Kept, blocks: readonly ClaudeBlock[]): void {
  for (const block of blocks) {
    if (block.type === "tool_use") kept.toolCalls.add(block.id);
    if (block.type === "tool_result" && block.isError) kept.toolErrors.add(block.id);
  }
}

/** The result of an earlier turn says nothing about one that was cut off. */
function resultAtEnd({ turnOpen, result }: Kept): ClaudeResultEvent | undefined {
  return turnOpen ? undefined : result;
}

function resultOf(kept: Kept, options: ClaudeReducerOptions): ClaudeRunResult {
  const result = resultAtEnd(kept);
  return {
    state: result !== undefined ? "finished" : kept.started ? "truncated" : "never_started",
    ...defined({
      sessionId: kept.sessionId,
      model: kept.model ?? kept.init?.model,
      finalText: result === undefined || result.isError ? kept.lastText : result.text,
      failure: failureOf(kept, result),
      subtype: result?.subtype,
      terminalReason: result?.terminalReason,
      stopReason: result?.stopReason,
    }),
    ...accountOf(kept, options),
    limits: [...kept.limits.values()],
    backgroundTasks: kept.backgroundTasks,
    counts: {
      events: kept.events.count,
      messages: kept.usage.messages,
      toolCalls: kept.toolCalls.count,
      toolErrors: kept.toolErrors.count,
      retries: kept.retries,
      textLines: kept.textLines,
      unknownEvents: kept.unknownEvents,
    },
  };
}

function failureOf({ trouble, reached }: Kept, result: ClaudeResultEvent | undefined) {
  if (result !== undefined) return failureOfResult(result, trouble, reached);
  return trouble === undefined ? undefined : failureOfTrouble(trouble, reached);
}

function accountOf(
  { sums, usage, turnOpen, sessionId }: Kept,
  options: ClaudeReducerOptions,
): Partial<ClaudeRunResult> {
  const ofTurn = turnOpen && usage.messages > 0 ? usage.total : undefined;
  if (sums === undefined) return ofTurn === undefined ? {} : { usage: ofTurn, usageSource: "messages" };
  return defined({
    usage: addUsage(sums.usage, ofTurn ?? noUsage),
    usageSource: ofTurn === undefined ? "result" : "messages",
    costUsd: runCost(sums, options.previousCostUsd),
    sessionCostUsd: sessionId === undefined ? undefined : sums.sessionCostUsd,
    turns: sums.turns,
    durationMs: sums.durationMs,
  } as const);
}
