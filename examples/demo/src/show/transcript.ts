import { formatTranscriptEntry, type TranscriptEntry } from "@paperclip-k8s/stream-json";
import { GUTTER, withTime } from "./gutter.ts";
import type { Layout } from "./terminal.ts";

/** One thing that the agent did. */
export function transcriptLines(
  told: { readonly atMs: number; readonly entry: TranscriptEntry },
  layout: Layout,
): readonly string[] {
  const text = formatTranscriptEntry(told.entry, { color: layout.color, width: layout.width - GUTTER });
  return withTime(text.split("\n"), told.atMs, layout);
}

/** What the agent wrote to stderr, and the adapter's signs of life. */
export function stderrLines(
  told: { readonly atMs: number; readonly text: string },
  layout: Layout,
): readonly string[] {
  return transcriptLines({ atMs: told.atMs, entry: { kind: "raw", text: told.text.trimEnd() } }, layout);
}
