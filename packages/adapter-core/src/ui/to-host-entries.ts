import type { TranscriptEntry } from "@paperclip-k8s/stream-json";
import type { TranscriptEntry as HostEntry } from "@paperclipai/adapter-utils/types";

/** The agent CLI's transcript as the entries that every supported host shows. */
export function toHostEntries(entries: readonly TranscriptEntry[], ts: string): HostEntry[] {
  return entries.map((entry) => toHostEntry(entry, ts));
}

function toHostEntry(entry: TranscriptEntry, ts: string): HostEntry {
  switch (entry.kind) {
    case "init":
      return { kind: "init", ts, model: entry.model, sessionId: entry.sessionId };
    case "text":
      return { kind: "assistant", ts, text: entry.text };
    case "thinking":
    case "user":
      return { kind: entry.kind, ts, text: entry.text };
    case "tool_call":
      return { kind: "tool_call", ts, name: entry.name, input: entry.input, toolUseId: entry.id };
    case "tool_result":
      return { kind: "tool_result", ts, toolUseId: entry.id, content: entry.text, isError: entry.isError };
    case "notice":
      return { kind: entry.level === "error" ? "stderr" : "system", ts, text: entry.text };
    case "result":
      return resultEntry(entry, ts);
    case "raw":
      // The host and the adapter speak of themselves on the same stream.
      return { kind: entry.text.startsWith("[paperclip") ? "system" : "stdout", ts, text: entry.text };
  }
}

function resultEntry(entry: Extract<TranscriptEntry, { kind: "result" }>, ts: string): HostEntry {
  const { text, subtype, isError, errors, usage, costUsd = 0 } = entry;
  return {
    kind: "result",
    ts,
    text,
    // As the host counts: what is written to a cache is paid as input.
    inputTokens: usage.inputTokens + usage.cacheCreationTokens,
    outputTokens: usage.outputTokens,
    cachedTokens: usage.cacheReadTokens,
    costUsd,
    subtype,
    isError,
    errors: [...errors],
  };
}
