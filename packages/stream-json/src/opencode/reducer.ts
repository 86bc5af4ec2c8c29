// Folds OpenCode's events into a run result. What it keeps does not grow with the stream.
import type { AgentFailure } from "../failure.ts";
import type { StreamEvent } from "../parse-event.ts";
import { defined } from "../read-json.ts";
import { createIdTally, createUsageTally } from "../tally.ts";
import { addBounded } from "../usage.ts";
import { classifyOpenCodeFailure } from "./classify.ts";
import type { OpenCodeErrorEvent, OpenCodeEvent, OpenCodeStepFinishEvent } from "./events.ts";
import { readOpenCodeEvent } from "./reading/read-event.ts";
import {
  afterStderr,
  answered,
  answeredNothing,
  currentTrouble,
  noRetries,
  type RetryState,
} from "./retrying.ts";
import type { OpenCodeRetrying, OpenCodeRunResult } from "./run-result.ts";
import { type OpenCodeStderrEvent, readOpenCodeStderr } from "./stderr.ts";
import { failureOfLastStep, goesOnAfter } from "./step-end.ts";

/** Folds events into a result. */
export interface OpenCodeReducer {
  /** Takes the next event of stdout; a part that came before is passed over. Never throws. */
  push(event: StreamEvent): void;
  /** Takes the next line of stderr. Needed only for what OpenCode tells nowhere else. Never throws. */
  pushStderr(line: string): void;
  /** What is known so far; may be asked at any time. */
  result(): OpenCodeRunResult;
  /**
   * Whether OpenCode has said its last word: its last step has ended well, and it waits for nothing. After an error it
   * may make its conversation shorter and go on. Unlike `result()` it makes nothing, and may be asked after every line.
   */
  isClosed(): boolean;
  /** The trouble with the provider that has not been overcome, of any session of the run; undefined where there is none. */
  retrying(): OpenCodeRetrying | undefined;
}

/** What is kept of a stream: the last of everything, and numbers. */
interface Kept {
  sessionId?: string;
  model?: string;
  lastText?: string;
  error?: OpenCodeErrorEvent | undefined;
  /** What the log said last of an error that tells nothing itself. */
  cause?: Extract<OpenCodeStderrEvent, { kind: "cause" }>;
  isUnknownSession: boolean;
  finish?: OpenCodeStepFinishEvent;
  /** The message that is being answered, and what is in it so far. */
  message: { readonly id?: string | undefined; hadText: boolean; hadTool: boolean };
  /** A step has begun and not ended, or another must follow. */
  isOpen: boolean;
  isStarted: boolean;
  costUsd: number | undefined;
  retries: RetryState;
  failedCalls: number;
  textLines: number;
  unknownEvents: number;
  readonly events: ReturnType<typeof createIdTally>;
  readonly toolCalls: ReturnType<typeof createIdTally>;
  readonly toolErrors: ReturnType<typeof createIdTally>;
  readonly steps: ReturnType<typeof createUsageTally>;
}

/** A reducer for one run of OpenCode. */
export function createOpenCodeReducer(): OpenCodeReducer {
  const kept: Kept = {
    isUnknownSession: false,
    message: { hadText: false, hadTool: false },
    isOpen: false,
    isStarted: false,
    costUsd: 0,
    retries: noRetries,
    failedCalls: 0,
    textLines: 0,
    unknownEvents: 0,
    events: createIdTally(),
    toolCalls: createIdTally(),
    toolErrors: createIdTally(),
    steps: createUsageTally(),
  };
  return {
    push(event) {
      const read = readOpenCodeEvent(event);
      if (kept.events.add(idOf(read))) take(kept, read);
    },
    pushStderr: (line) => takeStderr(kept, readOpenCodeStderr(line)),
    result: () => resultOf(kept),
    isClosed: () =>
      stateOf(kept) === "finished" &&
      failureOf(kept) === undefined &&
      !currentTrouble(kept.retries)?.isWaiting,
    retrying: () => currentTrouble(kept.retries),
  };
}

/** OpenCode prints a part again when it changes it later, such as an old tool result that it takes out of the context. */
function idOf(event: OpenCodeEvent): string | undefined {
  return "partId" in event ? event.partId : undefined;
}

function take(kept: Kept, event: OpenCodeEvent): void {
  if (event.kind === "text") {
    kept.textLines += 1;
    return;
  }
  if (event.kind === "unknown") {
    kept.unknownEvents += 1;
    return;
  }
  if (event.sessionId !== undefined) kept.sessionId = event.sessionId;
  kept.isStarted = true;
  switch (event.kind) {
    case "step_start":
      kept.isOpen = true;
      // A try that broke off has left its tool calls in the message.
      if (event.messageId === undefined || event.messageId !== kept.message.id)
        kept.message = { id: event.messageId, hadText: false, hadTool: false };
      return;
    case "answer":
      if (event.text === "") return;
      kept.lastText = event.text;
      kept.message.hadText = true;
      return;
    case "tool":
      // An old one is printed again where its result is taken out of the context.
      if (event.messageId === kept.message.id && !event.isSettled) kept.message.hadTool = true;
      kept.toolCalls.add(event.callId);
      if (event.isError) kept.toolErrors.add(event.callId);
      return;
    case "step_finish":
      takeStepFinish(kept, event);
      return;
    case "error":
      kept.error = event;
      kept.isOpen = false;
      kept.retries = answered(kept.retries);
      return;
  }
}

function takeStepFinish(kept: Kept, event: OpenCodeStepFinishEvent): void {
  kept.finish = event;
  const { hadText, hadTool } = kept.message;
  kept.isOpen = goesOnAfter({ reason: event.reason, hadTool });
  kept.steps.report(event.partId, event.usage);
  kept.costUsd =
    event.costUsd === undefined || kept.costUsd === undefined
      ? undefined
      : addBounded(kept.costUsd, event.costUsd);
  const isEmpty = event.reason === "unknown" && !hadText && !hadTool;
  kept.retries = isEmpty ? answeredNothing(kept.retries, event.sessionId) : answered(kept.retries);
  // An error that ends a session has no step after it. One that it survives is of a file that cannot be read, or of a
  // conversation that did not fit, which was made shorter and gone on with.
  kept.error = undefined;
}

function takeStderr(kept: Kept, event: OpenCodeStderrEvent): void {
  kept.retries = afterStderr(kept.retries, event);
  if (event.kind === "call_failed" && !event.isAside) {
    kept.failedCalls += 1;
    if (event.model !== undefined) kept.model = event.model;
    // A session that never got an answer is there all the same.
    if (!kept.isStarted && event.sessionId !== undefined) kept.sessionId = event.sessionId;
  }
  if (event.kind === "cause") kept.cause = event;
  if (event.kind === "unknown_session") kept.isUnknownSession = true;
}

function stateOf({ isStarted, isOpen }: Kept): OpenCodeRunResult["state"] {
  if (!isStarted) return "never_started";
  return isOpen ? "truncated" : "finished";
}

function resultOf(kept: Kept): OpenCodeRunResult {
  const { steps } = kept;
  return {
    state: stateOf(kept),
    ...defined({
      sessionId: kept.sessionId,
      model: kept.model,
      usage: steps.messages > 0 ? steps.total : undefined,
      costUsd: steps.messages > 0 ? kept.costUsd : undefined,
      finalText: kept.lastText,
      failure: failureOf(kept),
      finishReason: kept.finish?.reason,
    }),
    turns: steps.messages,
    counts: {
      events: kept.events.count,
      messages: steps.messages,
      toolCalls: kept.toolCalls.count,
      toolErrors: kept.toolErrors.count,
      retries: kept.failedCalls,
      textLines: kept.textLines,
      unknownEvents: kept.unknownEvents,
    },
  };
}

function failureOf(kept: Kept): AgentFailure | undefined {
  if (kept.error !== undefined) return failureOfError(kept.error, kept.cause);
  if (!kept.isStarted && kept.isUnknownSession)
    return { family: "unknown_session", message: "Session not found" };
  // The two streams have no order between them: trouble that was told before the last answer may be read after it.
  if (kept.isOpen || kept.finish === undefined) return currentTrouble(kept.retries)?.failure;
  return failureOfLastStep(kept.finish.reason);
}

function failureOfError(error: OpenCodeErrorEvent, cause: Kept["cause"]): AgentFailure {
  const { status, retryAt } = error;
  const told =
    error.ref !== undefined && error.ref === cause?.ref ? { ...error, ...nameAndWords(cause) } : error;
  const family = classifyOpenCodeFailure(told);
  return {
    family,
    message: told.message,
    ...(status === undefined ? {} : { status }),
    ...(family === "provider_quota" && retryAt !== undefined ? { retryAt } : {}),
  };
}

function nameAndWords({ name, message }: NonNullable<Kept["cause"]>) {
  return { name, message };
}
